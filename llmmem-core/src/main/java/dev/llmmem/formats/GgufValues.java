package dev.llmmem.formats;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads the values of the metadata; what is long is passed over. */
final class GgufValues {

    /** The longest text that is kept, in bytes. */
    static final int LONGEST_TEXT = 1 << 16;

    /** The longest array that is kept, in elements: more than any model has layers. */
    static final int LONGEST_ARRAY = 1 << 14;

    /** The limit of gguf.cpp, in elements. */
    private static final long MOST_ELEMENTS = 1 << 30;

    private static final GgufValue.Type[] TYPES = GgufValue.Type.values();

    private final GgufInput input;
    private final HeapBudget budget;

    GgufValues(GgufInput input, HeapBudget budget) {
        this.input = input;
        this.budget = budget;
    }

    /** The value that follows, its type first. */
    GgufValue read(Supplier<String> what) throws IOException {
        GgufValue.Type type = type(what, TYPES.length);
        return type == GgufValue.Type.ARRAY ? array(what) : single(what, type);
    }

    private GgufValue.Type type(Supplier<String> what, int most) throws IOException {
        long number = input.u32();
        if (number >= most) {
            throw input.malformed(what.get() + ": the type of the value = " + number + ", permitted [0, " + most + ")");
        }
        return TYPES[(int) number];
    }

    private GgufValue array(Supplier<String> what) throws IOException {
        GgufValue.Type type = type(what, TYPES.length);
        if (type == GgufValue.Type.ARRAY) {
            throw input.malformed(what.get() + " is an array of arrays, permitted arrays of single values");
        }
        long length = input.count(() -> what.get() + ": the length of the array", type.leastBytes());
        if (length > MOST_ELEMENTS) {
            throw input.malformed(what.get() + ": the length of the array = " + length + ", permitted [0, "
                    + MOST_ELEMENTS + "] elements");
        }
        if (length > LONGEST_ARRAY) {
            skip(what, type, length);
            budget.take(HeapBudget.RECORD);
            return new GgufValue.LongArray(type, length);
        }
        List<GgufValue> elements = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            elements.add(single(what, type));
        }
        return new GgufValue.Array(type, elements);
    }

    private void skip(Supplier<String> what, GgufValue.Type type, long length) throws IOException {
        switch (type) {
            case STRING -> {
                for (long i = 0; i < length; i++) {
                    input.skip(input.count(() -> what.get() + ": the length of a text", 1));
                }
            }
            case BOOL -> {
                for (long i = 0; i < length; i++) {
                    var unused = flag(what);
                }
            }
            default -> input.skip(length * type.leastBytes());
        }
    }

    private GgufValue single(Supplier<String> what, GgufValue.Type type) throws IOException {
        budget.take(HeapBudget.RECORD);
        return switch (type) {
            case U8 -> whole(type, input.u8());
            case I8 -> whole(type, (byte) input.u8());
            case U16 -> whole(type, Short.toUnsignedLong(input.i16()));
            case I16 -> whole(type, input.i16());
            case U32 -> whole(type, input.u32());
            case I32 -> whole(type, input.i32());
            case U64 -> new GgufValue.Whole(type, new BigInteger(Long.toUnsignedString(input.i64())));
            case I64 -> whole(type, input.i64());
            case F32 -> new GgufValue.Real(type, Float.intBitsToFloat(input.i32()));
            case F64 -> new GgufValue.Real(type, Double.longBitsToDouble(input.i64()));
            case BOOL -> new GgufValue.Flag(flag(what));
            case STRING -> text(what);
            case ARRAY -> throw new IllegalStateException(what.get());
        };
    }

    private static GgufValue whole(GgufValue.Type type, long value) {
        return new GgufValue.Whole(type, BigInteger.valueOf(value));
    }

    private boolean flag(Supplier<String> what) throws IOException {
        int value = input.u8();
        if (value > 1) {
            throw input.malformed(what.get() + ": a boolean = " + value + ", permitted 0 and 1");
        }
        return value == 1;
    }

    private GgufValue text(Supplier<String> what) throws IOException {
        long length = input.count(() -> what.get() + ": the length of the text", 1);
        if (length > LONGEST_TEXT) {
            input.skip(length);
            return new GgufValue.LongText(length);
        }
        String text = input.text((int) length);
        budget.take(text);
        return new GgufValue.Text(text);
    }
}
