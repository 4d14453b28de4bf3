package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a need of memory fits a device.
 *
 * <p>The need is what the tensors of a job take on one device. A job takes more than its tensors, so a {@link Headroom} is kept,
 * {@link Headroom#DEFAULT} unless told otherwise. It fits if
 *
 * <pre>{@code need + headroom <= capacity}</pre>
 *
 * <p>where the capacity is the usable memory of the accelerator, not the size on its box.
 *
 * <pre>{@code
 * Fit fit = Fit.of(Bytes.ofGiB(17.2), Accelerators.get("RTX 4090"));
 * fit.fits();      // true
 * System.out.println(fit);
 * // needs 17.20 GiB and 1.88 GiB headroom of 23.64 GiB on NVIDIA GeForce RTX 4090: fits, 4.56 GiB free
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class Fit {

    private final Bytes need;
    private final Bytes capacity;
    private final @Nullable Accelerator accelerator;
    private final Headroom headroom;
    private final Bytes taken;

    private Fit(Bytes need, Bytes capacity, @Nullable Accelerator accelerator, Headroom headroom) {
        if (capacity.equals(Bytes.ZERO)) {
            throw new IllegalArgumentException("capacity = 0, permitted [1, " + Long.MAX_VALUE + "] bytes");
        }
        this.need = need;
        this.capacity = capacity;
        this.accelerator = accelerator;
        this.headroom = headroom;
        this.taken = need.plus(headroom.on(need));
    }

    /**
     * Compares a need with one device of this kind, with the default headroom.
     *
     * @param need what the tensors take on one device
     * @param accelerator where to run
     * @return the comparison
     * @throws ArithmeticException if need and headroom together exceed 2<sup>63</sup> &minus; 1 bytes
     */
    public static Fit of(Bytes need, Accelerator accelerator) {
        Objects.requireNonNull(need, "need");
        Objects.requireNonNull(accelerator, "accelerator");
        return new Fit(need, accelerator.usableMemory(), accelerator, Headroom.DEFAULT);
    }

    /**
     * Compares a need with a plain capacity, with the default headroom. The capacity is what a runtime can use: a card of 24 GB
     * offers some 23.6 GiB.
     *
     * @param need what the tensors take on one device
     * @param capacity what the device offers, 1 byte or more
     * @return the comparison
     * @throws IllegalArgumentException if the capacity is zero
     * @throws ArithmeticException if need and headroom together exceed 2<sup>63</sup> &minus; 1 bytes
     */
    public static Fit of(Bytes need, Bytes capacity) {
        Objects.requireNonNull(need, "need");
        Objects.requireNonNull(capacity, "capacity");
        return new Fit(need, capacity, null, Headroom.DEFAULT);
    }

    /**
     * The same comparison with another headroom.
     *
     * @param headroom what to keep beyond the need
     * @return the comparison
     * @throws ArithmeticException if need and headroom together exceed 2<sup>63</sup> &minus; 1 bytes
     */
    public Fit withHeadroom(Headroom headroom) {
        return new Fit(need, capacity, accelerator, Objects.requireNonNull(headroom, "headroom"));
    }

    /**
     * What the tensors take.
     *
     * @return the need
     */
    public Bytes need() {
        return need;
    }

    /**
     * What the device offers.
     *
     * @return the usable memory of the accelerator, or the plain capacity
     */
    public Bytes capacity() {
        return capacity;
    }

    /**
     * Where the job is to run.
     *
     * @return the accelerator, or empty if a plain capacity was given
     */
    public Optional<Accelerator> accelerator() {
        return Optional.ofNullable(accelerator);
    }

    /**
     * What is kept beyond the need.
     *
     * @return the headroom
     */
    public Headroom headroom() {
        return headroom;
    }

    /**
     * What the job takes in all.
     *
     * @return need + headroom
     */
    public Bytes taken() {
        return taken;
    }

    /**
     * Whether need and headroom are within the capacity.
     *
     * @return whether it fits
     */
    public boolean fits() {
        return taken.compareTo(capacity) <= 0;
    }

    /**
     * What is left beyond need and headroom.
     *
     * @return capacity &minus; need &minus; headroom, or zero if it does not fit
     */
    public Bytes free() {
        return fits() ? capacity.minus(taken) : Bytes.ZERO;
    }

    /**
     * What is missing for need and headroom.
     *
     * @return need + headroom &minus; capacity, or zero if it fits
     */
    public Bytes missing() {
        return fits() ? Bytes.ZERO : taken.minus(capacity);
    }

    /**
     * How full the device is with need and headroom.
     *
     * @return (need + headroom) / capacity, 0 or more, rounded to a {@code double}; more than 1 if it does not fit
     */
    public double utilization() {
        return (double) taken.value() / capacity.value();
    }

    /**
     * Two comparisons are equal if need, capacity, accelerator and headroom are.
     *
     * @param other the other object
     * @return whether both are equal
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Fit that
                && need.equals(that.need)
                && capacity.equals(that.capacity)
                && accelerator == that.accelerator
                && headroom.equals(that.headroom);
    }

    /**
     * The hash code that belongs to {@link #equals(Object)}.
     *
     * @return the hash code
     */
    @Override
    public int hashCode() {
        return Objects.hash(need, capacity, accelerator, headroom);
    }

    /**
     * The answer in one line:
     * {@code needs 17.20 GiB and 1.88 GiB headroom of 23.64 GiB on NVIDIA GeForce RTX 4090: fits, 4.56 GiB free}.
     *
     * @return the text, one line
     */
    @Override
    public String toString() {
        Bytes kept = taken.minus(need);
        return "needs " + brief(need)
                + (kept.equals(Bytes.ZERO) ? "" : " and " + brief(kept) + " headroom")
                + " of " + brief(capacity)
                + (accelerator == null ? "" : " on " + accelerator.name())
                + (fits() ? ": fits, " + brief(free()) + " free" : ": does not fit, " + brief(missing()) + " missing");
    }

    /** The size as people read it, without the exact number of bytes. */
    private static String brief(Bytes size) {
        String text = size.toString();
        int exact = text.indexOf(" (");
        return exact < 0 ? text : text.substring(0, exact);
    }
}
