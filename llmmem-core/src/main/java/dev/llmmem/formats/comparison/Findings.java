package dev.llmmem.formats.comparison;

import dev.llmmem.formats.StoredTensor;
import dev.llmmem.formats.StoredType;
import dev.llmmem.formats.quantization.StoredPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** Differences as they are found: folded, and no more of them than a report bears. */
final class Findings {

    static final int MOST = 200;

    private record Key(
            String kind,
            String name,
            List<Long> expected,
            List<Long> stored,
            Optional<StoredType> type,
            Optional<Explanation> why) {}

    private static final class Count {
        private final LongFunction<Difference> made;
        private long tensors;

        private Count(LongFunction<Difference> made) {
            this.made = made;
        }
    }

    private final Map<Key, Count> found = new LinkedHashMap<>();
    private long tensors;
    private long unexplained;
    private long leftOut;

    void missing(StoredPart expected) {
        String name = Texts.folded(expected.name());
        String example = Texts.start(expected.name());
        add(
                new Key("missing", name, expected.shape(), List.of(), Optional.empty(), Optional.empty()),
                number -> new Difference.Missing(name, example, number, expected.shape()));
    }

    void wrongShape(StoredPart expected, StoredTensor stored) {
        String name = Texts.folded(expected.name());
        String example = Texts.start(expected.name());
        add(
                new Key("shape", name, expected.shape(), stored.shape(), Optional.empty(), Optional.empty()),
                number -> new Difference.WrongShape(name, example, number, expected.shape(), stored.shape()));
    }

    void wrongType(StoredPart expected, StoredTensor stored) {
        String name = Texts.folded(expected.name());
        String example = Texts.start(expected.name());
        add(
                new Key("type", name, expected.shape(), List.of(), Optional.of(stored.format()), Optional.empty()),
                number -> new Difference.WrongType(name, example, number, expected.type(), stored.format()));
    }

    void unexpected(StoredTensor stored, Optional<Explanation> why) {
        String name = Texts.folded(stored.name());
        String example = Texts.start(stored.name());
        add(
                new Key("unexpected", name, List.of(), stored.shape(), Optional.of(stored.format()), why),
                number -> new Difference.Unexpected(
                        name,
                        example,
                        number,
                        stored.shape(),
                        stored.format(),
                        Math.multiplyExact(number, stored.elements()),
                        why));
    }

    private void add(Key key, LongFunction<Difference> made) {
        tensors++;
        if (key.why().isEmpty()) {
            unexplained++;
        }
        Count count = found.get(key);
        if (count == null && found.size() < MOST) {
            count = new Count(made);
            found.put(key, count);
        }
        if (count == null) {
            leftOut++;
        } else {
            count.tensors++;
        }
    }

    List<Difference> list() {
        List<Difference> list = new ArrayList<>();
        found.values().forEach(count -> list.add(count.made.apply(count.tensors)));
        return List.copyOf(list);
    }

    long tensors() {
        return tensors;
    }

    long unexplained() {
        return unexplained;
    }

    long leftOut() {
        return leftOut;
    }
}
