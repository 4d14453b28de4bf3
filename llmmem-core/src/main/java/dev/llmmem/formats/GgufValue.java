package dev.llmmem.formats;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * A value of the metadata of a GGUF file. A text or an array that is too long to be kept is known by its length only.
 *
 * <p>All kinds are immutable. New kinds may come in minor versions, so keep a {@code default} branch in switches.
 */
public sealed interface GgufValue {

    /**
     * How a value is written in the file. The order is that of the numbers that the format gives them, from 0
     * (github.com/ggml-org/ggml at d99724f2, {@code docs/gguf.md}).
     */
    enum Type {
        /** Unsigned, 8 bits. */
        U8(1),
        /** Signed, 8 bits. */
        I8(1),
        /** Unsigned, 16 bits. */
        U16(2),
        /** Signed, 16 bits. */
        I16(2),
        /** Unsigned, 32 bits. */
        U32(4),
        /** Signed, 32 bits. */
        I32(4),
        /** IEEE 754 binary32. */
        F32(4),
        /** True or false, a byte. */
        BOOL(1),
        /** A text in UTF-8 after its length. */
        STRING(8),
        /** Values of one type, after that type and their number. */
        ARRAY(12),
        /** Unsigned, 64 bits. */
        U64(8),
        /** Signed, 64 bits. */
        I64(8),
        /** IEEE 754 binary64. */
        F64(8);

        private final int leastBytes;

        Type(int leastBytes) {
            this.leastBytes = leastBytes;
        }

        /** What a value takes in a file at least, in bytes. */
        int leastBytes() {
            return leastBytes;
        }
    }

    /**
     * A whole number.
     *
     * @param type how it is written: one of the types of 8 to 64 bits, signed or unsigned
     * @param value the number
     */
    record Whole(Type type, BigInteger value) implements GgufValue {
        /**
         * Checks that both are there.
         *
         * @param type how it is written
         * @param value the number
         */
        public Whole {
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A number that may have a fraction, or be infinite, or be none.
     *
     * @param type {@link Type#F32} or {@link Type#F64}
     * @param value the number, exact
     */
    record Real(Type type, double value) implements GgufValue {
        /**
         * Checks that the type is there.
         *
         * @param type how it is written
         * @param value the number
         */
        public Real {
            Objects.requireNonNull(type, "type");
        }
    }

    /**
     * True or false.
     *
     * @param value which
     */
    record Flag(boolean value) implements GgufValue {}

    /**
     * A text.
     *
     * @param value the text; what is no UTF-8 in the file is U+FFFD in it
     */
    record Text(String value) implements GgufValue {
        /**
         * Checks that it is there.
         *
         * @param value the text
         */
        public Text {
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A text that is not kept.
     *
     * @param bytes its length in the file, in bytes, 0 or more
     */
    record LongText(long bytes) implements GgufValue {}

    /**
     * An array.
     *
     * @param type the type of its elements, never {@link Type#ARRAY}
     * @param elements its elements
     */
    record Array(Type type, List<GgufValue> elements) implements GgufValue {
        /**
         * Copies the list.
         *
         * @param type the type of its elements
         * @param elements its elements
         */
        public Array {
            Objects.requireNonNull(type, "type");
            elements = List.copyOf(elements);
        }
    }

    /**
     * An array that is not kept, such as the tokens of a vocabulary.
     *
     * @param type the type of its elements, never {@link Type#ARRAY}
     * @param length the number of its elements, 0 or more
     */
    record LongArray(Type type, long length) implements GgufValue {
        /**
         * Checks that the type is there.
         *
         * @param type the type of its elements
         * @param length the number of its elements
         */
        public LongArray {
            Objects.requireNonNull(type, "type");
        }
    }
}
