package dev.llmmem.formats;

import java.util.List;
import java.util.Objects;

/**
 * A tensor that an adapter adds to a model, folded over the layers that have it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name its name in {@code adapter_model.safetensors}, with <code>{i}</code> for the layer index, for example
 *     <code>base_model.model.model.layers.{i}.self_attn.q_proj.lora_A.weight</code>
 * @param target the module that it is for, folded too; empty where it is for the adapter as a whole
 * @param shape its dimensions, outermost first; 0 where the adapter leaves nothing to train
 * @param layers the indices of the layers that have it, from 0, in order; empty where it is outside the layers
 * @param trained whether it is trained; a tensor that is only stored is a frozen or computed part of the adapter
 * @param stored whether PEFT stores it; the parts of a prompt's encoder are not, for the prompt that they make is
 * @param keptInFp32 whether PEFT keeps and stores it in fp32 over weights of 16 bits ({@code autocast_adapter_dtype}, true by
 *     default); false where it has the format of the weights that it stands beside, or holds whole numbers
 */
public record AdapterTensor(
        String name,
        String target,
        List<Long> shape,
        List<Integer> layers,
        boolean trained,
        boolean stored,
        boolean keptInFp32) {

    /**
     * Copies the lists and checks the shape.
     *
     * @param name the name
     * @param target the module
     * @param shape the dimensions
     * @param layers the layers
     * @param trained whether it is trained
     * @param stored whether it is stored
     * @param keptInFp32 whether it is kept in fp32
     * @throws IllegalArgumentException if a dimension is negative
     * @throws ArithmeticException if the elements of all layers exceed {@link Long#MAX_VALUE}
     */
    public AdapterTensor {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(target, "target");
        shape = List.copyOf(shape);
        layers = List.copyOf(layers);
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "shape of " + name + " is " + shape + ", but each dimension must be at least 0 elements");
            }
        }
        requireCountable(shape, layers);
    }

    /**
     * How many there are.
     *
     * @return the number of layers that have it, or 1 outside the layers
     */
    public int count() {
        return Math.max(1, layers.size());
    }

    /**
     * The elements of one of them.
     *
     * @return the product of the shape
     */
    public long elements() {
        return elements(shape, 1);
    }

    /**
     * The elements of all of them.
     *
     * @return the product of shape and count
     */
    public long totalElements() {
        return elements(shape, count());
    }

    /**
     * The names of all of them.
     *
     * @return one name for each layer, or the only one outside the layers, unmodifiable
     */
    public List<String> names() {
        return layers.isEmpty()
                ? List.of(name)
                : layers.stream()
                        .map(layer -> name.replace("{i}", Integer.toString(layer)))
                        .toList();
    }

    @Override
    public String toString() {
        return "AdapterTensor[" + name + " " + shape + (layers.isEmpty() ? "" : ", " + layers.size() + " layers")
                + (trained ? ", trained" : "") + (stored ? ", stored" : "") + (keptInFp32 ? ", in fp32" : "") + "]";
    }

    private static void requireCountable(List<Long> shape, List<Integer> layers) {
        long unused = elements(shape, Math.max(1, layers.size()));
    }

    private static long elements(List<Long> shape, long count) {
        long elements = count;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }
}
