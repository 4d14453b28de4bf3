package dev.llmmem.formats;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A model in several GGUF files, as llama.cpp's gguf-split writes them: {@code name-00001-of-00003.gguf} and so on, of which each says which
 * part it is.
 */
final class GgufParts {

    private static final Pattern PART = Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.gguf");
    private static final String NUMBER = "split.no";
    private static final String COUNT = "split.count";
    private static final String TENSORS = "split.tensors.count";

    /** More requests than a model of many files needs. */
    private static final int MOST_PARTS = 1000;

    private GgufParts() {}

    /** Refuses a part before the others are asked for, if it does not say that it is one of so many. */
    static void checkCount(Gguf part, String name, int count, String source) {
        if (PART.matcher(name).matches() || part.whole(COUNT).orElse(1) > 1) {
            require(source + ": " + Shown.name(name), part, COUNT, count);
        }
    }

    /** The names of all parts of a model that one of its names tells, in order; the name itself if it is the only one. */
    static List<String> of(String name) {
        Matcher matcher = PART.matcher(name);
        if (!matcher.matches()) {
            return List.of(name);
        }
        int number = Integer.parseInt(matcher.group(2));
        int count = Integer.parseInt(matcher.group(3));
        if (number < 1 || number > count) {
            throw new MalformedInputException(
                    Shown.name(name) + ": the name is that of part " + number + ", permitted [1, " + count + "]");
        }
        if (count > MOST_PARTS) {
            throw new MalformedInputException(Shown.name(name) + ": the name is that of one of " + count
                    + " parts, permitted [1, " + MOST_PARTS + "]");
        }
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> matcher.group(1) + "-%05d-of-".formatted(i) + matcher.group(3) + ".gguf")
                .toList();
    }

    /** Whether a file is the first part of a model, or its only one. */
    static boolean isFirst(String name) {
        Matcher matcher = PART.matcher(name);
        return !matcher.matches() || matcher.group(2).equals("00001");
    }

    /** Refuses parts that do not belong together. */
    static void check(SortedMap<String, Gguf> parts, String source) {
        long tensors =
                parts.values().stream().mapToLong(part -> part.tensors().size()).sum();
        boolean isNumbered = PART.matcher(parts.firstKey()).matches();
        long number = 0;
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, Gguf> part : parts.entrySet()) {
            String shown = source + ": " + Shown.name(part.getKey());
            if (isNumbered || part.getValue().whole(COUNT).orElse(1) > 1) {
                require(shown, part.getValue(), COUNT, parts.size());
                require(shown, part.getValue(), NUMBER, number);
                require(shown, part.getValue(), TENSORS, tensors);
            }
            for (StoredTensor tensor : part.getValue().tensors()) {
                if (!names.add(tensor.name())) {
                    throw new MalformedInputException(shown + ": tensor " + Shown.name(tensor.name())
                            + " is in an earlier part too, permitted in one part");
                }
            }
            number++;
        }
    }

    private static void require(String shown, Gguf part, String key, long expected) {
        OptionalLong stated = part.whole(key);
        if (stated.isEmpty() || stated.getAsLong() != expected) {
            throw new MalformedInputException(
                    shown + ": " + key + " is "
                            + (stated.isEmpty() ? "missing" : stated.getAsLong()) + ", permitted " + expected
                            + " as by the names and the tensors of all parts, which are named NAME-00001-of-00002.gguf and so on");
        }
    }
}
