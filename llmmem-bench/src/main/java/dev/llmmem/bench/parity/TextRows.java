package dev.llmmem.bench.parity;

import dev.llmmem.metrics.statistics.Mt19937;
import dev.llmmem.metrics.statistics.Pcg64;
import dev.llmmem.metrics.text.PorterStemmer;
import dev.llmmem.metrics.text.PythonFormat;
import dev.llmmem.metrics.text.PythonText;
import dev.llmmem.metrics.text.SacreTokenizer;
import dev.llmmem.metrics.text.TercomTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import tools.jackson.databind.JsonNode;

/** Rows of what metrics are made of: stems, letters, numbers, tokens and random numbers. */
final class TextRows {

    private static final String TER = "ter";

    private TextRows() {}

    /** NLTK's Porter stemmer. */
    static void porter(JsonNode row, Tally tally) {
        String word = row.path("w").asString();
        tally.same(word, row.path("s").asString(), PorterStemmer.stem(word));
    }

    /** Python's {@code str.lower}. */
    static void lower(JsonNode row, Tally tally) {
        String text = row.path("s").asString();
        tally.same(text, row.path("lower").asString(), PythonText.lower(text));
    }

    /** Python's fixed-point format. */
    static void format(JsonNode row, Tally tally) {
        double x = row.path("x").asDouble();
        for (int decimals = 1; decimals <= 4; decimals++) {
            tally.same(x + " with " + decimals, row.path("f" + decimals).asString(), PythonFormat.fixed(x, decimals));
        }
    }

    /** The tokenizers of sacreBLEU's BLEU and TER. */
    static void tokenizers(JsonNode row, Tally tally) {
        String text = PythonText.stripEnd(row.path("text").asString());
        row.properties().forEach(column -> {
            String name = column.getKey();
            if (!name.equals("text")) {
                List<String> tokens = name.startsWith(TER)
                        ? ter(List.of(name.split("-", -1)))
                                .tokenize(row.path("text").asString())
                        : SacreTokenizer.bySignature(name).tokenize(text);
                tally.same(name + " of " + text, Rows.texts(column.getValue()), tokens);
            }
        });
    }

    private static TercomTokenizer ter(List<String> settings) {
        return TercomTokenizer.withDefaults()
                .withNormalization(settings.contains("norm"))
                .withPunctuation(!settings.contains("nopunct"))
                .withAsianSupport(settings.contains("asian"))
                .withCaseSensitivity(settings.contains("case"));
    }

    /** NumPy's generators. */
    static void random(JsonNode row, Tally tally) {
        String what = row.path("gen").asString() + ", seed " + row.path("seed").asString();
        long seed = row.path("seed").asLong();
        int bound = row.path("n").asInt();
        if (row.has("bits")) {
            Pcg64 random = new Pcg64(seed);
            Pcg64.Booleans booleans = random.booleans();
            String expected = row.path("bits").asString();
            StringBuilder bits = new StringBuilder();
            while (bits.length() < expected.length()) {
                bits.append(booleans.next() ? '1' : '0');
            }
            tally.same(what, expected, bits.toString());
            tally.same(
                    what + ", then",
                    integers(row.path("then")),
                    draws(row.path("then").size(), () -> random.index(10)));
        } else if (row.path("gen").asString().startsWith("RandomState")) {
            Mt19937 random = new Mt19937(seed);
            tally.same(
                    what, integers(row.path("values")), draws(row.path("values").size(), () -> random.index(bound)));
        } else {
            Pcg64 random = new Pcg64(seed);
            tally.same(
                    what, integers(row.path("values")), draws(row.path("values").size(), () -> random.index(bound)));
        }
    }

    private static List<Integer> integers(JsonNode list) {
        List<Integer> integers = new ArrayList<>();
        list.forEach(number -> integers.add(number.asInt()));
        return integers;
    }

    private static List<Integer> draws(int count, IntSupplier random) {
        List<Integer> draws = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            draws.add(random.getAsInt());
        }
        return draws;
    }
}
