package dev.llmmem.formats.comparison;

import dev.llmmem.formats.Checkpoint;
import dev.llmmem.formats.SafeTensorsType;
import dev.llmmem.formats.StoredTensor;
import dev.llmmem.formats.StoredType;
import dev.llmmem.formats.quantization.Scheme;
import dev.llmmem.formats.quantization.StoredPart;
import dev.llmmem.formats.quantization.StoredQuantization;
import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Tower;
import dev.llmmem.units.Bytes;
import dev.llmmem.units.DType;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Goes through what a configuration says and what the files hold. */
final class Comparison {

    /** Some three times what the largest published mixture has; beyond it a configuration is not meant to be read. */
    private static final long MOST_EXPECTED = 1_000_000;

    private static final String EXPECTED = "as the configuration says";
    private static final String OTHERWISE = "of another shape or format";
    private static final String UNEXPLAINED = "unexplained";

    private final Map<String, StoredTensor> left = new LinkedHashMap<>();
    private final Findings findings = new Findings();
    private final Map<String, Share> shares = new LinkedHashMap<>();
    private long expected;

    static CheckpointReport report(Checkpoint checkpoint, ModelSpec model, StoredQuantization quantization) {
        return new Comparison(checkpoint).run(checkpoint, model, quantization);
    }

    private Comparison(Checkpoint checkpoint) {
        for (StoredTensor tensor : checkpoint.tensors()) {
            if (!(tensor.format() instanceof SafeTensorsType)) {
                throw new IllegalArgumentException("checkpoint is of GGUF files, whose tensors have names of their own,"
                        + " permitted a checkpoint of safetensors files");
            }
            left.put(tensor.name(), tensor);
        }
    }

    private CheckpointReport run(Checkpoint checkpoint, ModelSpec given, StoredQuantization wanted) {
        ModelSpec named = Naming.asStored(given, left.keySet());
        ModelSpec model = withStoredType(named, checkpoint);
        StoredQuantization quantization = hasFusedExperts(model) ? wanted.withFusedExperts() : wanted;
        requireFewTensors(model);
        quantization.forEach(model.withoutTowers(), this::parameter);
        towers(model);
        boolean quantized = !(quantization.scheme() instanceof Scheme.Unquantized);
        Causes causes = new Causes(model, quantized, left.values());
        for (StoredTensor tensor : left.values()) {
            Optional<Explanation> why = causes.of(tensor);
            findings.unexpected(tensor, why);
            share(why.map(Explanation::text).orElse(UNEXPLAINED), tensor);
        }
        return new CheckpointReport(given.name(), quantization, expected, findings, List.copyOf(shares.values()));
    }

    private void parameter(StoredPart part) {
        expected++;
        StoredTensor stored = left.remove(part.name());
        if (stored == null) {
            findings.missing(part);
            return;
        }
        boolean shaped = part.admits(stored.shape());
        boolean typed = part.type() == stored.format();
        if (!shaped) {
            findings.wrongShape(part, stored);
        } else if (!typed) {
            findings.wrongType(part, stored);
        }
        share(shaped && typed ? EXPECTED : OTHERWISE, stored);
    }

    private void share(String what, StoredTensor tensor) {
        shares.put(
                what,
                shares.getOrDefault(what, new Share(what, 0, 0, Bytes.ZERO)).plus(tensor.elements(), tensor.bytes()));
    }

    /** A tower says how often a tensor is there, not the numbers in its name. */
    private void towers(ModelSpec model) {
        if (model.towers().isEmpty()) {
            return;
        }
        Map<String, Deque<StoredTensor>> folded = new HashMap<>();
        for (StoredTensor tensor : left.values()) {
            folded.computeIfAbsent(Texts.folded(tensor.name()), name -> new ArrayDeque<>())
                    .add(tensor);
        }
        SafeTensorsType plain = plain(model.storedType().orElseThrow());
        for (Tower tower : model.towers()) {
            for (Tower.Part part : tower.parts()) {
                Parameter parameter = part.parameter();
                Deque<StoredTensor> found = folded.getOrDefault(Texts.folded(parameter.name()), new ArrayDeque<>());
                for (int i = 0; i < part.count(); i++) {
                    StoredTensor next = found.poll();
                    String name = next == null ? parameter.name() : next.name();
                    parameter(new StoredPart(name, plain, parameter.shape()));
                }
            }
        }
    }

    private boolean hasFusedExperts(ModelSpec model) {
        for (int i = 0; i < model.layers().size(); i++) {
            for (Parameter parameter : model.layers().get(i).parameters()) {
                if (parameter.kind() == Parameter.Kind.EXPERTS
                        && left.containsKey(parameter.name().replace("{i}", Integer.toString(i)))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void requireFewTensors(ModelSpec model) {
        long number = model.outerParameters().size();
        for (Layer layer : model.layers()) {
            for (Parameter parameter : layer.parameters()) {
                number += parameter.kind() == Parameter.Kind.EXPERTS
                        ? Math.min(2 * parameter.shape().get(0), MOST_EXPECTED)
                        : 1;
            }
        }
        for (Tower tower : model.towers()) {
            for (Tower.Part part : tower.parts()) {
                number += part.count();
            }
        }
        if (number > MOST_EXPECTED) {
            throw new IllegalArgumentException(
                    "model has " + number + " weights or more, permitted [1, " + MOST_EXPECTED + "] weights");
        }
    }

    /** Where the configuration states no format, that of most bytes. */
    private static ModelSpec withStoredType(ModelSpec model, Checkpoint checkpoint) {
        if (model.storedType().isPresent()) {
            return model;
        }
        DType most = checkpoint.bytesByType().entrySet().stream()
                .sorted(Map.Entry.<StoredType, Bytes>comparingByValue(Comparator.reverseOrder()))
                .flatMap(entry -> entry.getKey() instanceof SafeTensorsType type ? Stream.of(type) : Stream.empty())
                .map(SafeTensorsType::dtype)
                .filter(type -> type == DType.BF16 || type == DType.FP16 || type == DType.FP32)
                .findFirst()
                .orElse(DType.FP32);
        return model.toBuilder().storedType(most).build();
    }

    private static SafeTensorsType plain(DType type) {
        return Stream.of(SafeTensorsType.values())
                .filter(stored -> stored.dtype() == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "storedType of the model is " + type + ", but must be a format of a file"));
    }
}
