package dev.llmmem.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many parameters a model has of each group, and how many of them a token meets.
 *
 * <p>Which parameters are called active differs between publishers: gpt-oss and DeepSeek leave out the token embedding,
 * Mixtral and OLMoE do not. Both numbers are here.
 *
 * @param byGroup elements by group, without groups that have none, in the order of the groups
 * @param total all parameters, a tied matrix once
 * @param active those that a token meets: all but the routed experts that it is not sent to, and but towers
 * @param activeWithoutEmbedding the same without the token embedding, where that is a table of its own; a tied table is
 *     the head too and stays
 */
public record ParameterCounts(Map<ParameterGroup, Long> byGroup, long total, long active, long activeWithoutEmbedding) {

    /**
     * Copies the map.
     *
     * @param byGroup elements by group
     * @param total all parameters
     * @param active those that a token meets
     * @param activeWithoutEmbedding the same without the token embedding
     */
    public ParameterCounts {
        byGroup = Collections.unmodifiableMap(new EnumMap<>(byGroup));
    }

    /**
     * The parameters of one group.
     *
     * @param group which
     * @return elements, 0 where the model has none
     */
    public long of(ParameterGroup group) {
        return byGroup.getOrDefault(group, 0L);
    }

    static ParameterCounts of(ModelSpec model) {
        EnumMap<ParameterGroup, Long> byGroup = new EnumMap<>(ParameterGroup.class);
        for (Parameter parameter : model.outerParameters()) {
            add(byGroup, ParameterGroup.of(parameter, model), parameter.elements());
        }
        long idle = 0;
        for (Layer layer : model.layers()) {
            for (Parameter parameter : layer.parameters()) {
                ParameterGroup group = ParameterGroup.of(parameter, layer);
                add(byGroup, group, parameter.elements());
                if (group == ParameterGroup.ROUTED_EXPERTS && layer.feedForward() instanceof FeedForward.Experts e) {
                    idle = Math.addExact(idle, parameter.elements() / e.experts() * (e.experts() - e.perToken()));
                }
            }
        }
        long towers = 0;
        for (Tower tower : model.towers()) {
            towers = Math.addExact(towers, tower.parameterCount());
        }
        if (towers > 0) {
            byGroup.put(ParameterGroup.TOWER, towers);
        }
        long active = model.parameterCount() - idle - towers;
        long embedding = model.tiedHead()
                ? 0
                : ParameterGroup.tokenTable(model).map(Parameter::elements).orElse(0L);
        return new ParameterCounts(byGroup, model.parameterCount(), active, active - embedding);
    }

    private static void add(Map<ParameterGroup, Long> byGroup, ParameterGroup group, long elements) {
        byGroup.merge(group, elements, Math::addExact);
    }
}
