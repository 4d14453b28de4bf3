package dev.llmmem.hardware;

import dev.llmmem.units.Bytes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * Memory that a job takes beyond its tensors: a fixed part for the context of the process, and a part that grows with the need, for
 * blocks that a caching allocator holds and cannot use.
 *
 * <p>Immutable and thread-safe.
 *
 * @param context what the process takes before its first tensor: the CUDA context with the kernels of the framework
 * @param fragmentation what the allocator holds on top of the tensors, as a fraction of the need, in [0, 1]
 */
public record Headroom(Bytes context, double fragmentation) {

    /**
     * What is kept unless told otherwise: 512 MiB and 8 % of the need.
     *
     * <p>The context of a PyTorch 2.x process that loads kernels lazily, as PyTorch does with CUDA 11.7 and later, was measured as
     * 300 to 563 MiB (pytorch issues 107667 and 109888; 481 MiB on an A100 with PyTorch 2.1.1). It grows towards 0.9 GiB as more
     * kernels load; older processes took 0.9 to 1.8 GiB from the start. Collectives come on top: 342 to 392 MiB for NCCL on 2 to 8
     * devices (aiconfigurator), 1.5 GiB at the first barrier in another report.
     *
     * <p>Of 21 published training runs that state both, the peak of reserved memory exceeds that of allocated memory by 2 to 14 %,
     * 5 % in the median, and by at most 8 % in 19 (SimuMax on B200, can-i-finetune-this on an RTX 4080).
     */
    public static final Headroom DEFAULT = new Headroom(Bytes.ofMiB(512), 0.08);

    /** Nothing is kept: the need is already all that the device shows. */
    public static final Headroom NONE = new Headroom(Bytes.ZERO, 0);

    /**
     * A headroom.
     *
     * @param context what the process takes before its first tensor
     * @param fragmentation what the allocator holds on top of the tensors, as a fraction of the need, in [0, 1]
     * @throws IllegalArgumentException if {@code fragmentation} is not in [0, 1]
     */
    public Headroom {
        Objects.requireNonNull(context, "context");
        if (!(fragmentation >= 0 && fragmentation <= 1)) {
            throw new IllegalArgumentException("fragmentation = " + fragmentation + ", permitted [0, 1] of the need");
        }
        fragmentation += 0.0; // no negative zero
    }

    /**
     * What a job of this need takes on top of it.
     *
     * @param need what the tensors of the job take
     * @return context + &lceil;fragmentation &times; need&rceil;
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public Bytes on(Bytes need) {
        BigDecimal held = new BigDecimal(fragmentation).multiply(BigDecimal.valueOf(need.value()));
        return context.plus(Bytes.of(held.setScale(0, RoundingMode.CEILING).longValueExact()));
    }

    /**
     * The headroom in one line: {@code 512.00 MiB (536870912 B) and 8 % of the need}.
     *
     * @return the text, one line
     */
    @Override
    public String toString() {
        return context + " and "
                + BigDecimal.valueOf(fragmentation)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString()
                + " % of the need";
    }
}
