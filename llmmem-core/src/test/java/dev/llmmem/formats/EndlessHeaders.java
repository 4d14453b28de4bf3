package dev.llmmem.formats;

import dev.llmmem.formats.HostileReads.Case;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Headers as long as is permitted, of streams that never end. */
final class EndlessHeaders {

    private static final String MEMBER = "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},";

    private static final List<IntFunction<String>> SAFETENSORS = List.of(
            i -> "\"t" + i + MEMBER,
            i -> "\"\u0416" + "x".repeat(9000) + i + MEMBER,
            i -> (i == 0 ? "\"t\":{\"dtype\":\"U8\",\"shape\":[" : "0,".repeat(500)),
            i -> (i == 0 ? "\"" : "x".repeat(1000)),
            i -> (i == 0 ? "\"t\":{\"dtype\":\"" : "x".repeat(1000)),
            i -> (i == 0 ? "\"t\":{\"dtype\":\"U8\",\"shape\":[" : "1".repeat(1000)),
            i -> (i == 0 ? "\"__metadata__\":{" : "\"m" + i + "\":\"" + "y".repeat(100) + "\","),
            i -> (i == 0 ? "\"__metadata__\":{\"a\":\"" : "y".repeat(1000)),
            i -> (i == 0 ? "\"t\":{\"u\":{" : "\"n" + i + "\":[],"),
            i -> (i == 0 ? "\"t\":{\"u\":" : "[".repeat(1000)));

    private static final List<IntFunction<String>> INDEX = List.of(
            i -> (i == 0 ? "\"weight_map\":{" : "\"t" + i + "\":\"a.safetensors\","),
            i -> (i == 0 ? "\"weight_map\":{" : "\"t" + i + "\":\"" + i + "x".repeat(240) + "\","),
            i -> (i == 0 ? "\"weight_map\":{" : "\"\u0416" + "x".repeat(9000) + i + "\":\"a.safetensors\","),
            i -> (i == 0 ? "\"weight_map\":{\"a\":\"" : "x".repeat(1000)),
            i -> (i == 0 ? "\"metadata\":{" : "\"m" + i + "\":[1,2],"),
            i -> (i == 0 ? "\"metadata\":{\"total_size\":" : "9".repeat(1000)),
            i -> "\"m" + i + "\":{\"a\":null},",
            i -> (i == 0 ? "\"weight_map\":{\"a\":" : "[".repeat(1000)),
            i -> "    ".repeat(250));

    /** Keys, after the counts. */
    private static final List<IntFunction<byte[]>> KEYS = List.of(
            i -> join(text(i + "\u0416" + "x".repeat(65_500)), u32(0), new byte[1]),
            i -> join(text("k" + i), array(8, 16_384), new byte[16_384 * 8]),
            i -> join(text("k" + i), array(10, 16_384), full(16_384 * 8, 0xff)),
            i -> (i == 0 ? join(text("k"), array(8, 12_000_000)) : new byte[8000]),
            i -> (i == 0 ? join(text("k"), array(7, 90_000_000)) : full(8000, 1)),
            i -> (i == 0 ? join(text("k"), array(0, 90_000_000)) : new byte[8000]),
            i -> (i == 0 ? join(text("k"), u32(8), u64(90_000_000)) : new byte[8000]),
            i -> (i == 0 ? u64(60_000) : new byte[8000]),
            i -> join(text("k" + i), u32(8), u64(65_536), full(65_536, 0xff)));

    private EndlessHeaders() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        add(cases, "safetensors", SAFETENSORS, EndlessHeaders::safetensors);
        add(cases, "index", INDEX, pieces -> CheckpointIndex.read(endless("{", pieces)));
        add(cases, "gguf keys", KEYS, pieces -> Gguf.read(gguf(0, 1_000, pieces)));
        add(
                cases,
                "gguf tensors",
                List.<IntFunction<byte[]>>of(EndlessHeaders::tensor),
                pieces -> Gguf.read(gguf(4_000_000, 0, pieces)));
        add(
                cases,
                "gguf short keys",
                List.<IntFunction<byte[]>>of(EndlessHeaders::shortKey),
                pieces -> Gguf.read(gguf(0, 7_000_000, pieces)));
        return cases;
    }

    private static <T> void add(List<Case> cases, String kind, List<T> all, Function<T, Object> read) {
        for (int i = 0; i < all.size(); i++) {
            T pieces = all.get(i);
            cases.add(new Case("endless " + kind + " " + i, () -> read.apply(pieces)));
        }
    }

    private static Object safetensors(IntFunction<String> pieces) {
        return SafeTensors.read(new SequenceInputStream(
                new ByteArrayInputStream(u64(SafeTensorsHeader.LONGEST)), endless("{", pieces)));
    }

    private static InputStream endless(String start, IntFunction<String> pieces) {
        return new Endless(
                start.getBytes(StandardCharsets.UTF_8), i -> pieces.apply(i).getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream gguf(long tensors, long keys, IntFunction<byte[]> pieces) {
        byte[] start = join("GGUF".getBytes(StandardCharsets.US_ASCII), u32(3), u64(tensors), u64(keys));
        return new Endless(start, pieces);
    }

    private static byte[] shortKey(int number) {
        return join(text("k" + number), u32(0), new byte[1]);
    }

    private static byte[] tensor(int number) {
        return join(text("t" + number), u32(4), u64(1), u64(1), u64(1), u64(1), u32(0), u64(32L * number));
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return join(u64(bytes.length), bytes);
    }

    private static byte[] array(int type, long length) {
        return join(u32(9), u32(type), u64(length));
    }

    private static byte[] u32(long value) {
        return GgufFiles.little(4, value);
    }

    private static byte[] u64(long value) {
        return GgufFiles.little(8, value);
    }

    private static byte[] full(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A start, and then piece after piece. */
    private static final class Endless extends BlockStream {
        private final IntFunction<byte[]> pieces;
        private InputStream piece;
        private int next;

        Endless(byte[] start, IntFunction<byte[]> pieces) {
            this.piece = new ByteArrayInputStream(start);
            this.pieces = pieces;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = piece.read(bytes, offset, length);
            while (count < 0) {
                piece = new ByteArrayInputStream(pieces.apply(next++));
                count = piece.read(bytes, offset, length);
            }
            return count;
        }
    }
}
