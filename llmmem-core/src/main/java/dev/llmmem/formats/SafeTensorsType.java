package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The format of a stored tensor, by its name in a safetensors file (Hugging Face, {@code safetensors/src/tensor.rs} at
 * 24b0b285, {@code Dtype}).
 *
 * <p>Immutable and thread-safe. New constants may come in a minor version, as the format itself gains them.
 */
public enum SafeTensorsType implements StoredType {
    /** True or false, a whole byte each. */
    BOOL(DType.BOOL),
    /** 4 bits, 2 of exponent and 1 of fraction (OCP MX E2M1). */
    F4(DType.FP4),
    /** 6 bits, 2 of exponent and 3 of fraction (OCP MX). */
    F6_E2M3(DType.FP6_E2M3),
    /** 6 bits, 3 of exponent and 2 of fraction (OCP MX). */
    F6_E3M2(DType.FP6_E3M2),
    /** Unsigned, 8 bits. */
    U8(DType.UINT8),
    /** Signed, 8 bits. */
    I8(DType.INT8),
    /** 8 bits, 5 of exponent and 2 of fraction. */
    F8_E5M2(DType.FP8_E5M2),
    /** 8 bits, 4 of exponent and 3 of fraction, finite only. */
    F8_E4M3(DType.FP8_E4M3),
    /** 8 bits of exponent: the scale of OCP MX. */
    F8_E8M0(DType.FP8_E8M0),
    /** {@link #F8_E4M3} with another bias and no negative zero. */
    F8_E4M3FNUZ(DType.FP8_E4M3FNUZ),
    /** {@link #F8_E5M2} with another bias and no negative zero. */
    F8_E5M2FNUZ(DType.FP8_E5M2FNUZ),
    /** Signed, 16 bits. */
    I16(DType.INT16),
    /** Unsigned, 16 bits. */
    U16(DType.UINT16),
    /** IEEE 754 binary16. */
    F16(DType.FP16),
    /** Brain floating point, 16 bits. */
    BF16(DType.BF16),
    /** Signed, 32 bits. */
    I32(DType.INT32),
    /** Unsigned, 32 bits. */
    U32(DType.UINT32),
    /** IEEE 754 binary32. */
    F32(DType.FP32),
    /** Complex, two {@link #F32}. */
    C64(DType.COMPLEX64),
    /** IEEE 754 binary64. */
    F64(DType.FP64),
    /** Signed, 64 bits. */
    I64(DType.INT64),
    /** Unsigned, 64 bits. */
    U64(DType.UINT64);

    private static final String KNOWN =
            Arrays.stream(values()).map(SafeTensorsType::name).collect(Collectors.joining(", "));

    private final DType dtype;

    SafeTensorsType(DType dtype) {
        this.dtype = dtype;
    }

    /**
     * The width of one element.
     *
     * @return the width in bits, from 4 to 64
     */
    public int bits() {
        return dtype.bits();
    }

    /**
     * The number format that this is.
     *
     * @return the number format, of the same width
     */
    public DType dtype() {
        return dtype;
    }

    /**
     * What a tensor of that many elements takes in a file.
     *
     * @param elements the number of elements, 0 or more
     * @return elements &times; bits / 8
     * @throws IllegalArgumentException if {@code elements < 0}, or if they do not fill whole bytes
     * @throws ArithmeticException if elements &times; bits exceeds 2<sup>63</sup> &minus; 1
     */
    public Bytes bytes(long elements) {
        if (elements < 0) {
            throw new IllegalArgumentException(
                    "elements = " + elements + ", permitted [0, " + Long.MAX_VALUE + "] elements");
        }
        long bits = Math.multiplyExact(elements, bits());
        if (bits % 8 != 0) {
            throw new IllegalArgumentException("elements = " + elements + " of " + name() + " are " + bits
                    + " bits, permitted a multiple of 8 bits");
        }
        return Bytes.of(bits / 8);
    }

    @Override
    public Bytes bytes(List<Long> shape) {
        return bytes(Elements.of(shape));
    }

    /**
     * Looks up a format by its name in a file, in upper case.
     *
     * @param name the name, such as {@code F8_E4M3}
     * @return the format, or empty if no format has that name
     */
    public static Optional<SafeTensorsType> find(String name) {
        Objects.requireNonNull(name, "name");
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** The names of all formats, for messages. */
    static String known() {
        return KNOWN;
    }
}
