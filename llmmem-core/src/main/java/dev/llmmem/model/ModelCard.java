package dev.llmmem.model;

import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The text of {@link ModelSpec#describe()}. */
final class ModelCard {

    private final ModelSpec model;
    private final StringBuilder text = new StringBuilder();

    private ModelCard(ModelSpec model) {
        this.model = model;
    }

    static String of(ModelSpec model) {
        ModelCard card = new ModelCard(model);
        card.shape();
        card.parameters();
        card.state();
        card.extras();
        return card.text.toString();
    }

    private void shape() {
        line("%s (%s)", model.name(), model.modelType());
        line(
                "  %d layers, hidden %d, vocabulary %d, at most %d tokens, head %s",
                model.layers().size(), model.hiddenSize(), model.vocabularySize(), model.maxPositions(), head());
        kinds().forEach((kind, layers) -> line("  %d x %s", layers, kind));
        long sharing = model.layers().stream().filter(Layer::sharesParameters).count();
        boolean owned =
                model.layers().stream().anyMatch(layer -> !layer.parameters().isEmpty());
        if (owned && sharing > 0) {
            line("  %d layers with the parameters of the layer before", sharing);
        }
    }

    private String head() {
        if (model.tiedHead()) {
            return "tied to the embedding";
        }
        List<Parameter> head = model.outerParameters().stream()
                .filter(parameter -> ParameterGroup.of(parameter, model) == ParameterGroup.HEAD)
                .toList();
        if (head.isEmpty()) {
            return "none";
        }
        return head.stream().allMatch(Heads::pools) ? "none but a pooler" : "of its own";
    }

    /** How many layers are of each kind, in the order in which the kinds first come. */
    private Map<String, Integer> kinds() {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        for (Layer layer : model.layers()) {
            kinds.merge(mixing(layer.attention()) + ", " + network(layer.feedForward()), 1, Integer::sum);
        }
        return kinds;
    }

    private static String mixing(Attention attention) {
        String window = attention.window().isPresent()
                ? ", window " + attention.window().getAsInt()
                : "";
        if (attention instanceof Attention.Grouped a) {
            return grouped(a) + window;
        }
        if (attention instanceof Attention.Borrowed a) {
            return grouped(a.grouped()) + window + ", keys and values of an earlier layer";
        }
        if (attention instanceof Attention.Uneven a) {
            return String.format(
                    Locale.ROOT,
                    "attention of %d heads on %d of %d and %d%s",
                    a.heads(),
                    a.keyValueHeads(),
                    a.keySize(),
                    a.valueSize(),
                    window);
        }
        if (attention instanceof Attention.Latent a) {
            return latent(a);
        }
        if (attention instanceof Attention.Indexed a) {
            return latent(a.latent()) + ", indexed";
        }
        if (attention instanceof Attention.Compressed a) {
            return "attention of " + a.heads() + " heads on 1 of " + a.headSize() + ", window " + a.slidingWindow()
                    + (a.rate() > 0 ? ", older tokens " + a.rate() + " to 1" : "")
                    + (a.indexSize() > 0 ? ", indexed" : "");
        }
        if (attention instanceof Attention.Bidirectional a) {
            return "attention both ways of " + a.heads() + " heads of " + a.headSize();
        }
        if (attention instanceof Attention.Cross a) {
            return a.own().map(own -> grouped(own) + window + " and ").orElse("") + "cross attention of " + a.heads()
                    + " heads on " + a.keyValueHeads() + " of " + a.headSize();
        }
        if (attention instanceof Attention.Recurrent a) {
            return a.rule() + " of " + a.heads() + " heads";
        }
        return "no mixing";
    }

    private static String grouped(Attention.Grouped a) {
        return "attention of " + a.heads() + " heads on " + a.keyValueHeads() + " of " + a.headSize();
    }

    private static String latent(Attention.Latent a) {
        return "latent attention of " + a.heads() + " heads, rank " + a.keyValueRank() + " + " + a.rotarySize();
    }

    private static String network(FeedForward network) {
        if (network instanceof FeedForward.Dense dense) {
            return (dense.gated() ? "gated network of " : "network of ") + dense.width();
        }
        if (network instanceof FeedForward.Experts e) {
            return e.perToken() + " of " + e.experts() + " experts of " + e.width()
                    + (e.sharedWidth() > 0 ? " and one of " + e.sharedWidth() + " for all" : "");
        }
        return "no network";
    }

    private void parameters() {
        ParameterCounts counts = model.parameters();
        line("  parameters %,d", counts.total());
        counts.byGroup()
                .forEach((group, count) -> line(
                        "    %-15s %,20d  %5.1f %%",
                        group.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        count,
                        100.0 * count / counts.total()));
        if (counts.active() < counts.total() || counts.activeWithoutEmbedding() < counts.active()) {
            line(
                    "  active per token %,d, without the token embedding %,d",
                    counts.active(), counts.activeWithoutEmbedding());
        }
        model.storedType()
                .filter(DType::isFloating)
                .ifPresent(type -> line("  weights unquantized in %s: %s", type, type.bytes(counts.total())));
    }

    private void state() {
        long elements = model.cacheElementsPerToken();
        long beyond = model.cacheElementsPerTokenBeyondWindows();
        if (elements > 0) {
            line(
                    "  key-value cache per token %,d elements, in BF16 %s",
                    elements, Bytes.of(Math.multiplyExact(2L, elements)));
        }
        if (beyond != elements) {
            line("    beyond the windows %,d elements", beyond);
        }
        long state = sum(Attention::stateElements);
        if (state > 0) {
            line("  state per sequence %,d elements", state);
        }
        long cross = sum(Attention::crossElementsPerToken);
        if (cross > 0) {
            line("  cache per token of the other input %,d elements", cross);
        }
        if (model.layers().stream().allMatch(layer -> layer.attention() instanceof Attention.Bidirectional)) {
            line("  reads whole texts: no key-value cache, no text written token by token");
        }
    }

    private long sum(ToLongFunction<Attention> elements) {
        return model.layers().stream().map(Layer::attention).mapToLong(elements).reduce(0, Math::addExact);
    }

    private void extras() {
        if (model.storedExtras().isEmpty()) {
            return;
        }
        line("  a published count may include");
        for (StoredExtra extra : model.storedExtras()) {
            line(
                    "    + %,d %s (%s)",
                    extra.elements(),
                    extra.name(),
                    extra.cause().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
