package dev.llmmem.metrics.rouge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** ROUGE as its definition reads, with tables of numbers and maps. */
final class TextbookRouge {

    private TextbookRouge() {}

    static RougeScore score(RougeType type, RougeTokenizer tokenizer, String prediction, String reference) {
        List<String> predicted = tokenizer.tokenize(prediction);
        List<String> wanted = tokenizer.tokenize(reference);
        if (type.order() > 0) {
            List<String> first = ngrams(predicted, type.order());
            List<String> second = ngrams(wanted, type.order());
            Map<String, Integer> counts = counts(second);
            int common = counts(first).entrySet().stream()
                    .mapToInt(entry -> Math.min(entry.getValue(), counts.getOrDefault(entry.getKey(), 0)))
                    .sum();
            return score(common, first.size(), second.size());
        }
        if (type == RougeType.ROUGE_L) {
            return score(table(wanted, predicted)[wanted.size()][predicted.size()], predicted.size(), wanted.size());
        }
        return score(union(lines(tokenizer, reference), lines(tokenizer, prediction)), predicted.size(), wanted.size());
    }

    private static RougeScore score(int common, int predicted, int wanted) {
        double precision = common / (double) Math.max(1, predicted);
        double recall = common / (double) Math.max(1, wanted);
        return new RougeScore(precision, recall, RougeScore.f1(precision, recall));
    }

    private static List<String> ngrams(List<String> tokens, int n) {
        return IntStream.rangeClosed(0, tokens.size() - n)
                .mapToObj(i -> String.join(" ", tokens.subList(i, i + n)))
                .toList();
    }

    private static Map<String, Integer> counts(List<String> grams) {
        return grams.stream().collect(Collectors.toMap(gram -> gram, gram -> 1, Integer::sum, HashMap::new));
    }

    private static List<List<String>> lines(RougeTokenizer tokenizer, String text) {
        return Stream.of(text.split("\n", -1)).map(tokenizer::tokenize).toList();
    }

    private static int[][] table(List<String> first, List<String> second) {
        int[][] table = new int[first.size() + 1][second.size() + 1];
        for (int i = 1; i <= first.size(); i++) {
            for (int j = 1; j <= second.size(); j++) {
                table[i][j] = first.get(i - 1).equals(second.get(j - 1))
                        ? table[i - 1][j - 1] + 1
                        : Math.max(table[i - 1][j], table[i][j - 1]);
            }
        }
        return table;
    }

    private static int union(List<List<String>> reference, List<List<String>> prediction) {
        Map<String, Integer> left =
                counts(prediction.stream().flatMap(List::stream).toList());
        int hits = 0;
        for (List<String> wanted : reference) {
            boolean[] union = new boolean[wanted.size()];
            prediction.forEach(predicted -> mark(wanted, predicted, union));
            for (int i = 0; i < union.length; i++) {
                if (union[i] && left.getOrDefault(wanted.get(i), 0) > 0) {
                    left.merge(wanted.get(i), -1, Integer::sum);
                    hits++;
                }
            }
        }
        return hits;
    }

    private static void mark(List<String> wanted, List<String> predicted, boolean[] union) {
        int[][] table = table(wanted, predicted);
        int i = wanted.size();
        int j = predicted.size();
        while (i > 0 && j > 0) {
            if (wanted.get(i - 1).equals(predicted.get(j - 1))) {
                union[--i] = true;
                j--;
            } else if (table[i][j - 1] > table[i - 1][j]) {
                j--;
            } else {
                i--;
            }
        }
    }
}
