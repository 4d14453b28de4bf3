package dev.llmmem.formats;

import java.util.List;

/**
 * How an {@code adapter_model.safetensors} differs from what its configuration says.
 *
 * <p>Immutable and thread-safe.
 *
 * @param missing names of tensors that PEFT stores and the file has not, in the order of the model's modules
 * @param unexpected names of tensors that the file has and PEFT does not store, in the order of their bytes
 * @param misshapen tensors of both whose shapes differ, each as name, shape found and shape expected
 */
public record AdapterWeights(List<String> missing, List<String> unexpected, List<String> misshapen) {

    /**
     * Copies the lists.
     *
     * @param missing names that are not there
     * @param unexpected names that should not be there
     * @param misshapen names and shapes
     */
    public AdapterWeights {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        misshapen = List.copyOf(misshapen);
    }

    /**
     * Whether file and configuration agree.
     *
     * @return true where all lists are empty
     */
    public boolean agree() {
        return missing.isEmpty() && unexpected.isEmpty() && misshapen.isEmpty();
    }
}
