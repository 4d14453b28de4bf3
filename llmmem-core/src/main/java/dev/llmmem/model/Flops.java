package dev.llmmem.model;

/**
 * The floating-point operations of one forward pass over one sequence, counted matrix product by matrix product.
 *
 * <p>A product of a weight with a token's vector is two operations an element, a multiplication and an addition; looking up
 * an embedding is none. Scores and sums of attention are counted for the pairs of tokens that a causal mask with its
 * window lets through, or for all pairs where nothing is masked (causal kernels skip the others, plain ones do not).
 * A pattern of blocks that a kernel skips inside (Phi-3-small) is counted as if it were full. Norms, activations and softmax are left out, as is usual (arXiv 2001.08361, section 2.1; arXiv 2104.04473, appendix).
 * Encoders see all pairs, and a head that reads the first token alone is counted once. All values are per sequence.
 *
 * @param projections of the weights in the layers that a token meets
 * @param attention of scores and weighted sums
 * @param head of the output head, and of what changes the width beside narrow embeddings (OPT-350m, ELECTRA)
 */
public record Flops(long projections, long attention, long head) {

    /** Which pairs of tokens are counted. */
    public enum Pairs {
        /** Those that the causal mask and the window let through. */
        CAUSAL,
        /** All. */
        ALL
    }

    /**
     * Counts.
     *
     * @param model the model; its towers are not counted
     * @param sequence tokens, 1 to 2<sup>31</sup> &minus; 1
     * @param pairs which pairs of tokens are counted
     * @return the operations of one forward pass
     * @throws IllegalArgumentException if the sequence is out of range, or a layer mixes tokens by something else than
     *     grouped or latent attention, whose operations are not modelled
     * @throws ArithmeticException if a count exceeds 2<sup>63</sup> &minus; 1
     */
    public static Flops forward(ModelSpec model, int sequence, Pairs pairs) {
        if (sequence < 1) {
            throw new IllegalArgumentException("sequence is " + sequence + ", but must be at least 1 token");
        }
        long projected = 0;
        long attended = 0;
        long last = 0;
        for (Layer layer : model.layers()) {
            last = layer.sharesParameters() ? last : projected(layer);
            projected = Math.addExact(projected, last);
            attended = Math.addExact(
                    attended,
                    Math.multiplyExact(perPair(layer.attention()), count(layer.attention(), sequence, pairs)));
        }
        return new Flops(twice(projected, sequence), Math.multiplyExact(2L, attended), headOf(model, sequence));
    }

    /**
     * One forward pass.
     *
     * @return projections + attention + head
     */
    public long forward() {
        return Math.addExact(Math.addExact(projections, attention), head);
    }

    /**
     * One forward and one backward pass with all weights trained: a product's backward pass is two products.
     *
     * @return 3 &times; {@link #forward()}
     */
    public long training() {
        return Math.multiplyExact(3L, forward());
    }

    /**
     * The same where every layer is computed again in the backward pass (gradient checkpointing).
     *
     * @return {@link #training()} + projections + attention
     */
    public long trainingRecomputed() {
        return Math.addExact(training(), Math.addExact(projections, attention));
    }

    /**
     * The rule of thumb for training: six operations per parameter and token (arXiv 2001.08361, equation 2.2).
     *
     * @param parameters those that a token meets; arXiv 2001.08361 leaves out the embeddings, arXiv 2203.15556 does not
     * @param tokens how many are trained on
     * @return 6 &times; parameters &times; tokens
     * @throws IllegalArgumentException if a number is below 1 or not finite
     */
    public static double rule(long parameters, double tokens) {
        if (parameters < 1 || !(tokens >= 1 && tokens < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("parameters is " + parameters + " and tokens " + tokens
                    + ", but both must be finite and at least 1");
        }
        return 6.0 * parameters * tokens;
    }

    /** The elements of all matrices that a token is multiplied with. */
    private static long projected(Layer layer) {
        long elements = 0;
        for (Parameter parameter : layer.parameters()) {
            ParameterGroup group = ParameterGroup.of(parameter, layer);
            boolean matrix = parameter.shape().size() >= 2 && parameter.kind() != Parameter.Kind.BIAS;
            boolean routes = matrix && group == ParameterGroup.ROUTER;
            if (matrix
                    && group == ParameterGroup.ROUTED_EXPERTS
                    && layer.feedForward() instanceof FeedForward.Experts e) {
                elements = Math.addExact(elements, parameter.elements() / e.experts() * e.perToken());
            } else if (parameter.isLinear() || routes) {
                elements = Math.addExact(elements, parameter.elements());
            }
        }
        return elements;
    }

    /** The head, be it the table of tokens, and what changes the width before it or after a table. */
    private static long headOf(ModelSpec model, long sequence) {
        long perToken = model.tiedHead()
                ? ParameterGroup.tokenTable(model).map(Parameter::elements).orElse(0L)
                : 0;
        long once = 0;
        for (Parameter parameter : model.outerParameters()) {
            if (parameter.isLinear() && Heads.readsOneToken(parameter, model)) {
                once = Math.addExact(once, parameter.elements());
            } else if (parameter.isLinear()) {
                perToken = Math.addExact(perToken, parameter.elements());
            }
        }
        return Math.addExact(twice(perToken, sequence), twice(once, 1));
    }

    private static long perPair(Attention attention) {
        if (attention instanceof Attention.Grouped a) {
            return 2L * a.heads() * a.headSize();
        }
        if (attention instanceof Attention.Uneven a) {
            return (long) a.heads() * a.keySize() + (long) a.heads() * a.valueSize();
        }
        if (attention instanceof Attention.Latent a) {
            return (long) a.heads() * a.headSize() + (long) a.heads() * a.valueSize();
        }
        if (attention instanceof Attention.Borrowed a) {
            return perPair(a.grouped());
        }
        if (attention instanceof Attention.Bidirectional a) {
            return 2L * a.heads() * a.headSize();
        }
        if (attention instanceof Attention.Absent) {
            return 0;
        }
        throw new IllegalArgumentException("layer mixes tokens by " + attention
                + ", but operations are modelled for grouped and latent attention");
    }

    /** The pairs of a query and a key: each query sees itself and those before it, at most a window. */
    private static long count(Attention attention, long sequence, Pairs pairs) {
        if (pairs == Pairs.ALL || attention instanceof Attention.Bidirectional) {
            return Math.multiplyExact(sequence, sequence);
        }
        long window =
                attention.window().isPresent() ? Math.min(attention.window().getAsInt(), sequence) : sequence;
        return window * (window + 1) / 2 + (sequence - window) * window;
    }

    private static long twice(long elements, long sequence) {
        return Math.multiplyExact(2L, Math.multiplyExact(elements, sequence));
    }
}
