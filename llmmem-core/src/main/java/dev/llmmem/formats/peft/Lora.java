package dev.llmmem.formats.peft;

import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * LoRA and its variants: peft 0.21.0, {@code peft/tuners/lora/layer.py} ({@code LoraLayer.update_layer}, {@code Embedding}, {@code
 * ParamWrapper}) and {@code peft/tuners/lora/variants.py}. Initializations (EVA, PiSSA, OLoRA, CorDA, LoRA-GA, LoftQ, orthogonal)
 * change no shape, but that OLoRA turns those of {@code Conv1D} round; MiCA freezes one of the matrices.
 */
final class Lora implements Method.Run {

    /** Experts whose tensors are stored as inputs to outputs: transformers 5.18.0, {@code is_transposed}. */
    private static final Set<String> TRANSPOSED = Set.of("gpt_oss");

    private static final String MICA = "mica";
    private static final String OLORA = "olora";
    private static final String PISSA = "pissa";

    private final Patterns ranks;
    private final boolean dora;
    private final boolean bias;
    private final boolean kasa;
    private final String start;
    private final Optional<Blocks> blocks;
    private final List<String> notOnParameters;

    /** BD-LoRA: matrices in blocks. */
    private record Blocks(List<String> a, List<String> b, long number, boolean strict) {}

    private Lora(
            Patterns ranks,
            boolean dora,
            boolean bias,
            boolean kasa,
            String start,
            Optional<Blocks> blocks,
            List<String> notOnParameters) {
        this.ranks = ranks;
        this.dora = dora;
        this.bias = bias;
        this.kasa = kasa;
        this.start = start;
        this.blocks = blocks;
        this.notOnParameters = notOnParameters;
    }

    static Lora read(Settings settings) {
        settings.refuseIfSet("ensure_weight_tying", "tied adapters are not modelled");
        settings.refuseIfSet("layer_replication", "repeated layers are not modelled");
        settings.refuseIfSet("megatron_config", "Megatron's layers are not modelled");
        settings.refuseIfSet("use_qalora", "QALoRA needs a base that GPTQ quantized, which is not modelled");
        settings.refuseIfSet("arrow_config", "Arrow is not modelled");
        settings.refuseIfSet("monteclora_config", "MonteCLoRA is not modelled");
        boolean dora = settings.flag("use_dora", false);
        boolean bias = settings.flag("lora_bias", false);
        boolean kasa = settings.nested("kasa_config").isPresent();
        String start = settings.isText("init_lora_weights")
                ? settings.text("init_lora_weights").orElse("").toLowerCase(Locale.ROOT)
                : "";
        Optional<Blocks> blocks = settings.nested("use_bdlora").map(inner -> blocks(settings, inner));
        if (dora && bias) {
            settings.refuse("lora_bias", "false where use_dora is true");
        }
        List<String> variants = new ArrayList<>();
        for (String field :
                List.of("use_dora", "alora_invocation_tokens", "velora_config", "kasa_config", "use_bdlora")) {
            if (settings.states(field) && !settings.isFalse(field)) {
                variants.add(field);
            }
        }
        if (variants.size() + (start.equals(MICA) ? 1 : 0) > 1) {
            settings.refuse(variants.get(0), "null where another variant of LoRA is chosen");
        }
        Patterns ranks = Patterns.read(settings, "rank_pattern", settings.rank("r", 8), "elements");
        List<String> notOnParameters = Stream.concat(
                        Stream.of("use_dora", "lora_bias", "fan_in_fan_out", "lora_dropout")
                                .filter(settings::isSet),
                        Stream.of("kasa_config", "velora_config").filter(settings::states))
                .toList();
        return new Lora(ranks, dora, bias, kasa, start, blocks, notOnParameters);
    }

    private static Blocks blocks(Settings settings, Settings inner) {
        Blocks blocks = new Blocks(
                inner.texts("target_modules_bd_a").orElse(List.of()),
                inner.texts("target_modules_bd_b").orElse(List.of()),
                inner.number("nblocks", 1, 1, Settings.WIDEST, "blocks"),
                inner.flag("match_strict", true));
        settings.takeFaults("use_bdlora", inner);
        return blocks;
    }

    Method method() {
        return Method.perModule(Set.of(Kind.LINEAR, Kind.CONV1D, Kind.EMBEDDING), this);
    }

    /** The same, with twice the rank for parameters of a name. */
    Lora withDoubledRank(String key) {
        return new Lora(ranks.withDoubled(key), dora, bias, kasa, start, blocks, notOnParameters);
    }

    boolean isPlain() {
        return ranks.isEmpty() && !bias && !kasa && !start.equals(MICA) && blocks.isEmpty();
    }

    boolean isDora() {
        return dora;
    }

    @Override
    public void adapt(BaseModule module, Inventory out) {
        long r = ranks.of(module, out.steps());
        if (module.kind() == Kind.EMBEDDING) {
            if (bias || kasa || blocks.isPresent()) {
                throw new IllegalArgumentException("target_modules has " + module.name()
                        + ", permitted linear layers only where lora_bias, kasa_config or use_bdlora is set");
            }
            out.add(module, "lora_embedding_A", r, module.inputs());
            out.add(module, "lora_embedding_B", isBTrained(), module.outputs(), r);
        } else {
            boolean cutA = contains(module, blocks.map(Blocks::a));
            boolean cutB = contains(module, blocks.map(Blocks::b));
            long number = blocks.map(Blocks::number).orElse(1L);
            checkBlocks(module, cutA, cutB, number, r);
            requireCut(module, r);
            boolean turned = start.equals(OLORA) && module.kind() == Kind.CONV1D;
            long inputs = turned ? module.outputs() : module.inputs();
            long outputs = turned ? module.inputs() : module.outputs();
            out.add(module, "lora_A.weight", r, inputs / (cutA ? number : 1));
            out.add(module, "lora_B.weight", isBTrained(), outputs, r / (cutB ? number : 1));
            if (bias) {
                out.add(module, "lora_B.bias", module.outputs());
            }
            if (kasa) {
                out.add(module, "lora_diag", r);
            }
        }
        if (dora) {
            out.add(module, "lora_magnitude_vector", module.outputs());
        }
    }

    private boolean isBTrained() {
        return !start.equals(MICA);
    }

    /** Decompositions of a weight have no more vectors than its smaller width. */
    private void requireCut(BaseModule module, long r) {
        if (start.startsWith(PISSA) || start.equals(OLORA)) {
            Fit.require(r <= Math.min(module.inputs(), module.outputs()), "r", r, "[1, the smaller width]", module);
        }
    }

    private void checkBlocks(BaseModule module, boolean cutA, boolean cutB, long number, long r) {
        boolean either = cutA != cutB;
        if (blocks.isPresent() && !either && (cutA || blocks.get().strict())) {
            throw new IllegalArgumentException("use_bdlora has " + module.name() + " in " + (cutA ? "both" : "neither")
                    + " of its lists, permitted one");
        }
        if (cutA || cutB) {
            Fit.divides("nblocks", number, r, module);
            Fit.divides("nblocks", number, cutA ? module.inputs() : module.outputs(), module);
        }
    }

    private static boolean contains(BaseModule module, Optional<List<String>> parts) {
        return parts.stream().flatMap(List::stream).anyMatch(module.name()::contains);
    }

    /** Adapts parameters instead of modules; each further one of a module wraps the one before. */
    void adaptParameters(BaseModule module, List<Parameter> parameters, String modelType, Inventory out) {
        if (!notOnParameters.isEmpty()) {
            throw new IllegalArgumentException(
                    notOnParameters.get(0) + " is set, permitted null: PEFT adapts parameters, here "
                            + parameters.get(0).name() + ", without it");
        }
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            List<Long> shape = parameter.shape();
            if (shape.size() < 2 || shape.size() > 3) {
                throw new IllegalArgumentException(
                        "target_parameters has " + parameter.name() + ", permitted tensors of 2 or 3 dimensions");
            }
            boolean experts = shape.size() == 3;
            boolean transposed = experts && TRANSPOSED.contains(modelType);
            String last = parameter.name().substring(parameter.name().lastIndexOf('.') + 1);
            long number = experts ? shape.get(0) : 1;
            long inputs = shape.get(experts && !transposed ? 2 : 1);
            long outputs = shape.get(!experts ? 0 : transposed ? 2 : 1);
            long r = Math.multiplyExact(number, ranks.of(module.name() + "." + last, out.steps()));
            String wrapped = "base_layer.".repeat(parameters.size() - 1 - i);
            out.add(module, wrapped + "lora_A.weight", r, inputs);
            out.add(module, wrapped + "lora_B.weight", outputs, r);
        }
    }
}
