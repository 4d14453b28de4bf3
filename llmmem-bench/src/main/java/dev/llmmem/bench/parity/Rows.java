package dev.llmmem.bench.parity;

import dev.llmmem.metrics.Example;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What rows of several files have in common. */
final class Rows {

    private Rows() {}

    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    static List<List<String>> lists(JsonNode lists) {
        List<List<String>> all = new ArrayList<>();
        lists.forEach(list -> all.add(texts(list)));
        return all;
    }

    static List<Double> numbers(JsonNode list) {
        List<Double> numbers = new ArrayList<>();
        list.forEach(number -> numbers.add(number.asDouble()));
        return numbers;
    }

    static String name(JsonNode row) {
        return row.path("id").asString();
    }

    /** The examples of a row: one, or a corpus whose references are streams, null where one is missing. */
    static List<Example> examples(JsonNode row) {
        if (row.has("hypothesis")) {
            List<String> references = new ArrayList<>();
            row.path("references").forEach(text -> add(text, references));
            return List.of(new Example(row.path("hypothesis").asString(), references));
        }
        return examples(texts(row.path("hypotheses")), row.path("references"));
    }

    static List<Example> examples(List<String> hypotheses, JsonNode streams) {
        int size = hypotheses.size();
        for (JsonNode stream : streams) {
            size = Math.min(size, stream.size());
        }
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<String> references = new ArrayList<>();
            for (JsonNode stream : streams) {
                add(stream.path(i), references);
            }
            examples.add(new Example(hypotheses.get(i), references));
        }
        return examples;
    }

    private static void add(JsonNode text, List<String> references) {
        if (!text.isNull()) {
            references.add(text.asString());
        }
    }
}
