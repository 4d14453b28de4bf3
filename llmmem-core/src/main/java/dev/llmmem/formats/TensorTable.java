package dev.llmmem.formats;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON object of a safetensors header. */
final class TensorTable {

    private static final String METADATA = "__metadata__";

    private final JsonStream json;
    private final HeapBudget budget;
    private final Set<String> names = new HashSet<>();
    private final List<StoredTensor> tensors = new ArrayList<>();

    TensorTable(JsonStream json, HeapBudget budget) {
        this.json = json;
        this.budget = budget;
    }

    /** The tensors in the order of the text. */
    List<StoredTensor> read() {
        json.members(() -> "the header", name -> {
            // Names are checked as they come, and never kept beyond the budget.
            budget.take(name);
            budget.take(HeapBudget.ENTRY);
            if (!names.add(name)) {
                throw json.malformed("the name " + Shown.name(name) + " is repeated, permitted once");
            }
            if (name.equals(METADATA)) {
                json.members(() -> METADATA, key -> json.expectString(() -> "a value of " + METADATA));
            } else {
                budget.take(HeapBudget.RECORD);
                tensors.add(new Entry(name).read());
            }
        });
        return tensors;
    }

    /** One tensor. */
    private final class Entry {
        private final String name;
        private @Nullable SafeTensorsType format;
        private @Nullable List<Long> shape;
        private @Nullable List<Long> offsets;

        Entry(String name) {
            this.name = name;
        }

        private String shown() {
            return "tensor " + Shown.name(name);
        }

        StoredTensor read() {
            json.members(this::shown, this::field);
            SafeTensorsType type = required(format, "dtype");
            List<Long> dimensions = required(shape, "shape");
            List<Long> range = required(offsets, "data_offsets");
            if (range.size() != 2) {
                throw json.malformed(
                        shown() + ": data_offsets has " + range.size() + " entries, permitted 2, [begin, end]");
            }
            try {
                return new StoredTensor(name, type, dimensions, range.get(0), range.get(1));
            } catch (IllegalArgumentException e) {
                throw json.malformed(shown() + ": " + e.getMessage());
            }
        }

        /** Fields of other names say nothing of the size; tensor.rs passes over them too. */
        private void field(String field) {
            switch (field) {
                case "dtype" -> format = once(format, field, type());
                case "shape" -> shape = once(shape, field, numbers("a dimension of the shape", Integer.MAX_VALUE));
                case "data_offsets" -> offsets = once(offsets, field, numbers("an entry of data_offsets", 2));
                default -> json.skip();
            }
        }

        private SafeTensorsType type() {
            String text = json.string(() -> shown() + ": dtype");
            return SafeTensorsType.find(text)
                    .orElseThrow(() -> json.malformed(
                            shown() + ": dtype = " + Shown.name(text) + ", permitted " + SafeTensorsType.known()));
        }

        private List<Long> numbers(String what, int most) {
            json.expectArray(() -> shown() + ": what should hold " + what);
            List<Long> numbers = new ArrayList<>(2);
            while (json.element()) {
                budget.take(HeapBudget.NUMBER);
                numbers.add(json.count(() -> shown() + ": " + what));
                if (numbers.size() > most) {
                    throw json.malformed(shown() + ": there are more than " + most + " entries, permitted " + most);
                }
            }
            return numbers;
        }

        private <T> T once(@Nullable T before, String field, T value) {
            if (before != null) {
                throw json.malformed(shown() + ": " + field + " is repeated, permitted once");
            }
            return value;
        }

        private <T> T required(@Nullable T value, String field) {
            if (value == null) {
                throw json.malformed(shown() + ": " + field + " is missing, permitted dtype, shape and data_offsets");
            }
            return value;
        }
    }
}
