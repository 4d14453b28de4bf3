package dev.llmmem.units;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A number format: how one element of a tensor is stored.
 *
 * <p>The set is that of the safetensors format (Hugging Face, {@code safetensors/src/tensor.rs}) and of PyTorch, and two formats
 * that exist only packed in other tensors: {@link #INT4} and {@link #NF4}. Compute modes such as TF32 are not here: a tensor used
 * in TF32 is stored as {@link #FP32}. Block formats such as MXFP4 or Q4_K are not here either: they are elements of a format plus
 * scales, and their average of bits is not a format.
 *
 * <p>A format has a width and nothing else that decides memory: {@link #bytes(long)} is what a tensor's elements take, packed without
 * gaps, without scales and without the rounding of an allocator.
 *
 * <pre>{@code
 * DType.parse("torch.bfloat16");          // BF16
 * DType.BF16.bytes(8_030_261_248L);       // 14.96 GiB (16060522496 B)
 * DType.INT4.bytes(3);                    // 2 B
 * }</pre>
 *
 * <p>Immutable and thread-safe. New constants may come in a minor version: a {@code switch} over formats keeps its
 * {@code default}.
 */
public enum DType {
    /** IEEE 754 binary64. */
    FP64(64, true, "F64", "float64", "double"),

    /** IEEE 754 binary32. */
    FP32(32, true, "F32", "float32", "float"),

    /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
    FP16(16, true, "F16", "float16", "half"),

    /** Brain floating point: the upper half of an {@link #FP32}, 8 bits of exponent, 7 of fraction. */
    BF16(16, true, "BF16", "bfloat16"),

    /** 8 bits, 4 of exponent and 3 of fraction, finite only (the E4M3 of the OCP 8-bit floating point specification). */
    FP8_E4M3(8, true, "F8_E4M3", "float8_e4m3fn", "float8_e4m3", "fp8_e4m3fn"),

    /** 8 bits, 5 of exponent and 2 of fraction, with infinities (the E5M2 of the OCP 8-bit floating point specification). */
    FP8_E5M2(8, true, "F8_E5M2", "float8_e5m2"),

    /** {@link #FP8_E4M3} with another bias and no negative zero, as AMD CDNA 3 computes it. */
    FP8_E4M3FNUZ(8, true, "F8_E4M3FNUZ", "float8_e4m3fnuz"),

    /** {@link #FP8_E5M2} with another bias, no negative zero and no infinities, as AMD CDNA 3 computes it. */
    FP8_E5M2FNUZ(8, true, "F8_E5M2FNUZ", "float8_e5m2fnuz"),

    /** 8 bits of exponent and nothing else: the scale of the OCP microscaling (MX) formats. */
    FP8_E8M0(8, true, "F8_E8M0", "float8_e8m0fnu", "ue8m0"),

    /** 6 bits, 2 of exponent and 3 of fraction (OCP MX). */
    FP6_E2M3(6, true, "F6_E2M3", "float6_e2m3fn"),

    /** 6 bits, 3 of exponent and 2 of fraction (OCP MX). */
    FP6_E3M2(6, true, "F6_E3M2", "float6_e3m2fn"),

    /** 4 bits, 2 of exponent and 1 of fraction (OCP MX E2M1, also NVFP4); and the 4-bit floats of bitsandbytes. */
    FP4(4, true, "F4", "float4_e2m1fn", "fp4_e2m1"),

    /** 4-bit NormalFloat: an index into the 16 quantiles of a normal distribution (Dettmers et al., QLoRA, 2023). */
    NF4(4, true, "normalfloat4"),

    /** Two {@link #FP32}, a real and an imaginary part. */
    COMPLEX64(64, false, "C64", "cfloat"),

    /** Signed, 64 bits. */
    INT64(64, false, "I64", "long"),

    /** Signed, 32 bits. */
    INT32(32, false, "I32", "int"),

    /** Signed, 16 bits. */
    INT16(16, false, "I16", "short"),

    /** Signed, 8 bits. */
    INT8(8, false, "I8"),

    /** 4 bits, signed or not; two to a byte. */
    INT4(4, false, "I4", "U4", "uint4"),

    /** Unsigned, 64 bits. */
    UINT64(64, false, "U64"),

    /** Unsigned, 32 bits. */
    UINT32(32, false, "U32"),

    /** Unsigned, 16 bits. */
    UINT16(16, false, "U16"),

    /** Unsigned, 8 bits. */
    UINT8(8, false, "U8", "byte"),

    /** True or false, a whole byte each, as PyTorch and safetensors store it. */
    BOOL(8, false, "boolean");

    private static final String TORCH_PREFIX = "torch.";
    private static final Map<String, DType> BY_NAME = byName();

    private final int bits;
    private final boolean floating;

    @SuppressWarnings("ImmutableEnumChecker") // the list is unmodifiable
    private final List<String> aliases;

    DType(int bits, boolean floating, String... aliases) {
        this.bits = bits;
        this.floating = floating;
        this.aliases = List.of(aliases);
    }

    /**
     * The width of one element.
     *
     * @return the width in bits, from 4 to 64
     */
    public int bits() {
        return bits;
    }

    /**
     * What that many elements take, packed without gaps and rounded up to a whole byte.
     *
     * @param elements the number of elements, 0 or more
     * @return &lceil;elements &times; bits / 8&rceil;
     * @throws IllegalArgumentException if {@code elements < 0}
     * @throws ArithmeticException if the size exceeds 2<sup>63</sup> &minus; 1 bytes
     */
    public Bytes bytes(long elements) {
        if (elements < 0) {
            throw new IllegalArgumentException(
                    "elements = " + elements + ", permitted [0, " + Long.MAX_VALUE + "] elements");
        }
        // Eight elements are `bits` whole bytes; so the number of bits, which may not fit a long, is never formed.
        long rest = elements % 8 * bits;
        return Bytes.of(elements / 8).times(bits).plus(Bytes.of((rest + 7) / 8));
    }

    /**
     * Whether an element stands for a real number other than an integer. True of all FP formats, {@link #BF16} and {@link #NF4};
     * false of integers, {@link #BOOL} and {@link #COMPLEX64}, as {@code is_floating_point} of PyTorch has it.
     *
     * @return whether elements are real numbers
     */
    public boolean isFloating() {
        return floating;
    }

    /**
     * Looks up a format by any of its names: that of the constant ({@code BF16}), that of safetensors ({@code F32},
     * {@code F8_E4M3}), that of PyTorch and of Hugging Face configurations ({@code bfloat16}, {@code torch.float16}, {@code half}).
     * Case and space around the name do not matter.
     *
     * <p>Names that do not settle the format are not known: {@code fp8} may be either of two, {@code auto} none.
     *
     * @param name the name
     * @return the format, or empty if no format has that name
     */
    public static Optional<DType> find(String name) {
        Objects.requireNonNull(name, "name");
        String key = name.strip().toLowerCase(Locale.ROOT);
        return Optional.ofNullable(
                BY_NAME.get(key.startsWith(TORCH_PREFIX) ? key.substring(TORCH_PREFIX.length()) : key));
    }

    /**
     * Reads the name of a format; {@link #find(String)} says which names are known.
     *
     * @param name the name
     * @return the format
     * @throws IllegalArgumentException if no format has that name; the message lists the formats and their names
     */
    public static DType parse(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "name = \"" + abbreviated(name) + "\" is no number format, permitted " + known()));
    }

    /** The names besides that of the constant, in the spelling of their source. */
    List<String> aliases() {
        return aliases;
    }

    private static String abbreviated(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "...";
    }

    private static Map<String, DType> byName() {
        Map<String, DType> byName = new HashMap<>();
        for (DType type : values()) {
            byName.put(type.name().toLowerCase(Locale.ROOT), type);
            for (String alias : type.aliases) {
                byName.put(alias.toLowerCase(Locale.ROOT), type);
            }
        }
        return Map.copyOf(byName);
    }

    private static String known() {
        return Arrays.stream(values())
                .map(type -> type.name() + " (" + String.join(", ", type.aliases) + ")")
                .collect(Collectors.joining(", "));
    }
}
