package dev.llmmem.units;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size in memory or on disk: a whole number of bytes, never negative.
 *
 * <p>Binary and decimal units are kept apart, as IEC 80000-13 does: 1 KiB is 1024 bytes and 1 KB is 1000. Accelerators are sold
 * in "GB" that are mostly GiB, and disks in GB that are GB, so every factory and every conversion names its unit.
 *
 * <p>Arithmetic is exact. A result outside 0 to 2<sup>63</sup> &minus; 1 bytes is an {@link ArithmeticException}, never a wrapped
 * or a negative number. Only a fraction of a larger unit is rounded, to the nearest byte: see {@link #ofGiB(double)} and
 * {@link #parse(String)}.
 *
 * <pre>{@code
 * Bytes weights = DType.BF16.bytes(8_030_261_248L);
 * System.out.println(weights);                      // 14.96 GiB (16060522496 B)
 * weights.compareTo(Bytes.ofGiB(80)) < 0;           // true
 * Bytes.parse("1.5 GiB").times(8).toGiB();          // 12.0
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 *
 * @param value the number of bytes, 0 or more
 */
public record Bytes(long value) implements Comparable<Bytes>, Serializable {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;
    private static final long KB = 1_000L;
    private static final long MB = 1_000_000L;
    private static final long GB = 1_000_000_000L;
    private static final long TB = 1_000_000_000_000L;

    private static final Map<String, Long> UNITS = Map.ofEntries(
            Map.entry("", 1L),
            Map.entry("b", 1L),
            Map.entry("byte", 1L),
            Map.entry("bytes", 1L),
            Map.entry("kib", KIB),
            Map.entry("mib", MIB),
            Map.entry("gib", GIB),
            Map.entry("tib", TIB),
            Map.entry("kb", KB),
            Map.entry("mb", MB),
            Map.entry("gb", GB),
            Map.entry("tb", TB));

    private static final String KNOWN_UNITS = "B, KiB, MiB, GiB, TiB (powers of 1024), KB, MB, GB, TB (powers of 1000)";

    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)[ \\t]*([A-Za-z]*)");
    private static final Pattern PRINTED = Pattern.compile("[0-9]+\\.[0-9]{2} [KMGT]iB \\(([0-9]{1,19}) B\\)");

    /** Bits, by the convention that a lower-case b after an upper-case prefix is a bit. */
    private static final Pattern BITS = Pattern.compile("[KMGT]i?b");

    private static final int LONGEST_TEXT = 100;

    /** No bytes at all. */
    public static final Bytes ZERO = new Bytes(0);

    /**
     * A size of that many bytes.
     *
     * @param value the number of bytes, 0 or more
     * @throws IllegalArgumentException if {@code value < 0}
     */
    public Bytes {
        requireNotNegative("value", value);
    }

    /**
     * A size of that many bytes.
     *
     * @param bytes the number of bytes, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code bytes < 0}
     */
    public static Bytes of(long bytes) {
        requireNotNegative("bytes", bytes);
        return bytes == 0 ? ZERO : new Bytes(bytes);
    }

    /**
     * A size in kibibytes, 1024 bytes each.
     *
     * @param amount the number of KiB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofKiB(long amount) {
        return scaled(amount, KIB, "KiB");
    }

    /**
     * A size in kibibytes, 1024 bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of KiB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofKiB(double amount) {
        return scaled(amount, KIB, "KiB");
    }

    /**
     * A size in mebibytes, 1024<sup>2</sup> bytes each.
     *
     * @param amount the number of MiB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofMiB(long amount) {
        return scaled(amount, MIB, "MiB");
    }

    /**
     * A size in mebibytes, 1024<sup>2</sup> bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of MiB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofMiB(double amount) {
        return scaled(amount, MIB, "MiB");
    }

    /**
     * A size in gibibytes, 1024<sup>3</sup> bytes each.
     *
     * @param amount the number of GiB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofGiB(long amount) {
        return scaled(amount, GIB, "GiB");
    }

    /**
     * A size in gibibytes, 1024<sup>3</sup> bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of GiB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofGiB(double amount) {
        return scaled(amount, GIB, "GiB");
    }

    /**
     * A size in tebibytes, 1024<sup>4</sup> bytes each.
     *
     * @param amount the number of TiB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofTiB(long amount) {
        return scaled(amount, TIB, "TiB");
    }

    /**
     * A size in tebibytes, 1024<sup>4</sup> bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of TiB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofTiB(double amount) {
        return scaled(amount, TIB, "TiB");
    }

    /**
     * A size in kilobytes, 1000 bytes each.
     *
     * @param amount the number of KB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofKB(long amount) {
        return scaled(amount, KB, "KB");
    }

    /**
     * A size in kilobytes, 1000 bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of KB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofKB(double amount) {
        return scaled(amount, KB, "KB");
    }

    /**
     * A size in megabytes, 1000<sup>2</sup> bytes each.
     *
     * @param amount the number of MB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofMB(long amount) {
        return scaled(amount, MB, "MB");
    }

    /**
     * A size in megabytes, 1000<sup>2</sup> bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of MB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofMB(double amount) {
        return scaled(amount, MB, "MB");
    }

    /**
     * A size in gigabytes, 1000<sup>3</sup> bytes each.
     *
     * @param amount the number of GB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofGB(long amount) {
        return scaled(amount, GB, "GB");
    }

    /**
     * A size in gigabytes, 1000<sup>3</sup> bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of GB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofGB(double amount) {
        return scaled(amount, GB, "GB");
    }

    /**
     * A size in terabytes, 1000<sup>4</sup> bytes each.
     *
     * @param amount the number of TB, 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofTB(long amount) {
        return scaled(amount, TB, "TB");
    }

    /**
     * A size in terabytes, 1000<sup>4</sup> bytes each, rounded to the nearest byte, ties up.
     *
     * @param amount the number of TB, finite and 0 or more
     * @return the size
     * @throws IllegalArgumentException if {@code amount} is negative, infinite or not a number
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes ofTB(double amount) {
        return scaled(amount, TB, "TB");
    }

    /**
     * Reads a size as people write it: {@code 1536}, {@code 1536 B}, {@code 512KiB}, {@code 1.5 GiB}, {@code 80 GB}.
     *
     * <p>A number of decimal digits, with a point or without, is followed by a unit: {@code KiB}, {@code MiB}, {@code GiB},
     * {@code TiB} are powers of 1024, {@code KB}, {@code MB}, {@code GB}, {@code TB} powers of 1000; {@code B}, {@code byte},
     * {@code bytes} or no unit are bytes. Space around the text, and between number and unit, is free. Case does not matter,
     * with one exception: {@code Gb}, {@code Gib} and the like are refused, since there the {@code b} is usually a bit. Bare
     * {@code K}, {@code M}, {@code G}, {@code T} are refused, since they do not say 1000 or 1024. Signs, exponents, grouping and
     * digits other than 0 to 9 are refused.
     *
     * <p>The text of {@link #toString()} is read back exactly.
     *
     * <p>The arithmetic is decimal and exact, then rounded to the nearest byte, ties up, just as the factories that take a
     * {@code double} do: {@code 79.65 GiB}, as frameworks print it, was rounded long before by more than a byte. A fraction of
     * a single byte, such as {@code 1.5 B}, is refused.
     *
     * @param text the size, at most 100 characters
     * @return the size
     * @throws IllegalArgumentException if the text is not a size as described
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public static Bytes parse(String text) {
        Objects.requireNonNull(text, "text");
        String size = text.strip();
        if (size.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("text = \"" + size.substring(0, 20) + "\"... of " + size.length()
                    + " characters, permitted at most " + LONGEST_TEXT + " characters");
        }
        Matcher printed = PRINTED.matcher(size);
        if (printed.matches()) {
            Bytes exact = Bytes.of(toWholeBytes(new BigDecimal(printed.group(1)), size));
            if (!exact.toString().equals(size)) {
                throw new IllegalArgumentException(
                        "text = \"" + size + "\" contradicts itself: those bytes are " + exact);
            }
            return exact;
        }
        Matcher matcher = SIZE.matcher(size);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "text = \"" + size + "\" is not a size, permitted a number and a unit of " + KNOWN_UNITS);
        }
        String unitName = matcher.group(2);
        if (BITS.matcher(unitName).matches()) {
            throw new IllegalArgumentException("text = \"" + size + "\" may mean bits: write "
                    + unitName.replace('b', 'B') + " for bytes, permitted units " + KNOWN_UNITS);
        }
        Long unit = UNITS.get(unitName.toLowerCase(Locale.ROOT));
        if (unit == null) {
            throw new IllegalArgumentException("text = \"" + size + "\" has the unknown unit \"" + unitName
                    + "\", permitted units " + KNOWN_UNITS);
        }
        BigDecimal amount = new BigDecimal(matcher.group(1));
        if (unit == 1 && amount.stripTrailingZeros().scale() > 0) {
            throw new IllegalArgumentException("text = \"" + size + "\" is not a whole number of bytes");
        }
        return of(toWholeBytes(amount.multiply(BigDecimal.valueOf(unit)), size));
    }

    /**
     * This size in kibibytes of 1024 bytes, as the nearest {@code double}.
     *
     * @return the size in KiB, 0 or more
     */
    public double toKiB() {
        return (double) value / KIB;
    }

    /**
     * This size in mebibytes of 1024<sup>2</sup> bytes, as the nearest {@code double}.
     *
     * @return the size in MiB, 0 or more
     */
    public double toMiB() {
        return (double) value / MIB;
    }

    /**
     * This size in gibibytes of 1024<sup>3</sup> bytes, as the nearest {@code double}.
     *
     * @return the size in GiB, 0 or more
     */
    public double toGiB() {
        return (double) value / GIB;
    }

    /**
     * This size in tebibytes of 1024<sup>4</sup> bytes, as the nearest {@code double}.
     *
     * @return the size in TiB, 0 or more
     */
    public double toTiB() {
        return (double) value / TIB;
    }

    /**
     * This size in kilobytes of 1000 bytes, as the nearest {@code double} for sizes up to 2<sup>53</sup> bytes and within one unit
     * in the last place above.
     *
     * @return the size in KB, 0 or more
     */
    public double toKB() {
        return (double) value / KB;
    }

    /**
     * This size in megabytes of 1000<sup>2</sup> bytes, as the nearest {@code double} for sizes up to 2<sup>53</sup> bytes and
     * within one unit in the last place above.
     *
     * @return the size in MB, 0 or more
     */
    public double toMB() {
        return (double) value / MB;
    }

    /**
     * This size in gigabytes of 1000<sup>3</sup> bytes, as the nearest {@code double} for sizes up to 2<sup>53</sup> bytes and
     * within one unit in the last place above.
     *
     * @return the size in GB, 0 or more
     */
    public double toGB() {
        return (double) value / GB;
    }

    /**
     * This size in terabytes of 1000<sup>4</sup> bytes, as the nearest {@code double} for sizes up to 2<sup>53</sup> bytes and
     * within one unit in the last place above.
     *
     * @return the size in TB, 0 or more
     */
    public double toTB() {
        return (double) value / TB;
    }

    /**
     * The sum of both sizes.
     *
     * @param other the size to add
     * @return this + other
     * @throws ArithmeticException if the sum exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public Bytes plus(Bytes other) {
        long sum = value + other.value;
        if (sum < 0) {
            throw tooLarge(value + " B + " + other.value + " B");
        }
        return of(sum);
    }

    /**
     * What is left of this size without the other.
     *
     * @param other the size to take away, at most this one
     * @return this &minus; other
     * @throws ArithmeticException if {@code other} is larger than this size: a size is never negative
     */
    public Bytes minus(Bytes other) {
        if (other.value > value) {
            throw new ArithmeticException(value + " B - " + other.value + " B is negative, a size is 0 bytes or more");
        }
        return of(value - other.value);
    }

    /**
     * This size, that many times.
     *
     * @param factor how many times, 0 or more
     * @return this &times; factor
     * @throws IllegalArgumentException if {@code factor < 0}
     * @throws ArithmeticException if the product exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public Bytes times(long factor) {
        if (factor < 0) {
            throw new IllegalArgumentException("factor = " + factor + ", permitted [0, " + Long.MAX_VALUE + "]");
        }
        long product = value * factor;
        if (Math.multiplyHigh(value, factor) != 0 || product < 0) {
            throw tooLarge(value + " B * " + factor);
        }
        return of(product);
    }

    /**
     * One of that many equal parts, rounded down to a whole byte.
     *
     * @param divisor how many parts, 1 or more
     * @return &lfloor;this / divisor&rfloor;
     * @throws IllegalArgumentException if {@code divisor < 1}
     */
    public Bytes dividedBy(long divisor) {
        requirePositive("divisor", divisor, "");
        return of(value / divisor);
    }

    /**
     * The largest of that many nearly equal parts: rounded up to a whole byte.
     *
     * @param divisor how many parts, 1 or more
     * @return &lceil;this / divisor&rceil;
     * @throws IllegalArgumentException if {@code divisor < 1}
     */
    public Bytes dividedByRoundingUp(long divisor) {
        requirePositive("divisor", divisor, "");
        return of(value / divisor + (value % divisor == 0 ? 0 : 1));
    }

    /**
     * The smallest multiple of a block size that holds this size, as an allocator with such blocks hands out. Zero stays zero.
     *
     * @param multiple the block size in bytes, 1 or more
     * @return this size, rounded up to a multiple of the block size
     * @throws IllegalArgumentException if {@code multiple < 1}
     * @throws ArithmeticException if the result exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public Bytes roundUpTo(long multiple) {
        requirePositive("multiple", multiple, " bytes");
        long rest = value % multiple;
        if (rest == 0) {
            return this;
        }
        long rounded = value + (multiple - rest);
        if (rounded < 0) {
            throw tooLarge(value + " B rounded up to a multiple of " + multiple + " B");
        }
        return of(rounded);
    }

    /**
     * The larger of both sizes.
     *
     * @param other the other size
     * @return this size if it is at least as large as the other, else the other
     */
    public Bytes max(Bytes other) {
        return value >= other.value ? this : other;
    }

    /**
     * The smaller of both sizes.
     *
     * @param other the other size
     * @return this size if it is at most as large as the other, else the other
     */
    public Bytes min(Bytes other) {
        return value <= other.value ? this : other;
    }

    /**
     * Orders sizes from small to large; consistent with {@code equals}.
     *
     * @param other the other size
     * @return negative, zero or positive as this size is smaller than, equal to or larger than the other
     */
    @Override
    public int compareTo(Bytes other) {
        return Long.compare(value, other.value);
    }

    /**
     * The size for people, then exactly: {@code 14.96 GiB (16060522496 B)}, or just {@code 512 B} below 1 KiB.
     *
     * <p>The unit is the largest binary one, up to TiB, that gives at least 1; the figure is rounded to two decimals, ties up. The
     * text does not depend on the locale, and {@link #parse(String)} reads it back.
     *
     * @return the text, one line
     */
    @Override
    public String toString() {
        if (value < KIB) {
            return value + " B";
        }
        long unit = KIB;
        String name = "KiB";
        for (String next : new String[] {"MiB", "GiB", "TiB"}) {
            // Not a plain comparison with the next unit: 1048575 B is 1.00 MiB, not 1024.00 KiB.
            if (inUnit(unit).compareTo(BigDecimal.valueOf(KIB)) >= 0) {
                unit *= KIB;
                name = next;
            }
        }
        return inUnit(unit).toPlainString() + " " + name + " (" + value + " B)";
    }

    private BigDecimal inUnit(long unit) {
        return BigDecimal.valueOf(value).divide(BigDecimal.valueOf(unit), 2, RoundingMode.HALF_UP);
    }

    private static Bytes scaled(long amount, long unit, String unitName) {
        if (amount < 0) {
            throw outOfRange(Long.toString(amount), unit, unitName);
        }
        if (amount > Long.MAX_VALUE / unit) {
            throw tooLarge(amount + " " + unitName);
        }
        return of(amount * unit);
    }

    private static Bytes scaled(double amount, long unit, String unitName) {
        if (!Double.isFinite(amount) || amount < 0) {
            throw outOfRange(Double.toString(amount), unit, unitName);
        }
        return of(toWholeBytes(new BigDecimal(amount).multiply(BigDecimal.valueOf(unit)), amount + " " + unitName));
    }

    private static long toWholeBytes(BigDecimal bytes, String origin) {
        BigDecimal whole = bytes.setScale(0, RoundingMode.HALF_UP);
        if (whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw tooLarge(origin);
        }
        return whole.longValueExact();
    }

    private static void requireNotNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " = " + value + ", permitted [0, " + Long.MAX_VALUE + "] bytes");
        }
    }

    private static void requirePositive(String name, long value, String unit) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " = " + value + ", permitted [1, " + Long.MAX_VALUE + "]" + unit);
        }
    }

    private static IllegalArgumentException outOfRange(String amount, long unit, String unitName) {
        return new IllegalArgumentException(
                "amount = " + amount + ", permitted [0, " + Long.MAX_VALUE / unit + "] " + unitName);
    }

    private static ArithmeticException tooLarge(String what) {
        return new ArithmeticException(what + " exceeds " + Long.MAX_VALUE + " bytes, the largest size");
    }
}
