package dev.llmmem.formats;

import dev.llmmem.model.Layer;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Whether a model has, layer by layer, the elements that its file has. */
final class GgufCheck {

    /** Frequencies, and biases that are no parameters. */
    private static final Pattern NO_PARAMETER =
            Pattern.compile("(rope_freqs|rope_factors_long|rope_factors_short|attn_rot_embd|exp_probs_b)\\..*");

    private GgufCheck() {}

    static void check(GgufContents contents, ModelSpec model) {
        List<Layer> layers = model.layers();
        List<Map<String, StoredTensor>> blocks = contents.blocks();
        if (blocks.size() != layers.size()) {
            throw contents.malformed(contents.architecture() + ".block_count = " + layers.size() + ", permitted "
                    + blocks.size() + " as by the tensors");
        }
        List<String> wrong = new ArrayList<>();
        compare(wrong, "what is outside the layers", contents.outside(), model.outerParameters());
        for (int i = 0; i < layers.size() && wrong.isEmpty(); i++) {
            compare(wrong, "layer " + i, blocks.get(i), layers.get(i).parameters());
        }
        if (!wrong.isEmpty()) {
            throw contents.malformed(wrong.get(0) + ": such a " + contents.architecture() + " is not described");
        }
    }

    private static void compare(
            List<String> wrong, String what, Map<String, StoredTensor> tensors, Collection<Parameter> parameters) {
        long described = parameters.stream().mapToLong(Parameter::elements).reduce(0, Math::addExact);
        long stored = TensorTotals.elements(tensors.entrySet().stream()
                .filter(tensor -> isParameter(tensor.getKey(), tensors))
                .map(Map.Entry::getValue)
                .toList());
        if (stored != described) {
            wrong.add(what + " has " + stored + " elements in " + tensors.size() + " tensors, permitted " + described
                    + " as by the keys");
        }
    }

    /** Some files have the halves of a matrix beside the whole. */
    private static boolean isParameter(String name, Map<String, StoredTensor> tensors) {
        boolean isHalf = name.equals("attn_k_b.weight") || name.equals("attn_v_b.weight");
        return !NO_PARAMETER.matcher(name).matches() && !(isHalf && tensors.containsKey("attn_kv_b.weight"));
    }
}
