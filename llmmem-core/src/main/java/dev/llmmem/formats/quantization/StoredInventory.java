package dev.llmmem.formats.quantization;

import dev.llmmem.units.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every tensor of a checkpoint, repeats folded: layers as <code>{i}</code>, experts as <code>{e}</code>.
 *
 * <p>Immutable and thread-safe.
 */
public final class StoredInventory {

    private final Map<StoredPart, Long> tensors;

    StoredInventory(Map<StoredPart, Long> tensors) {
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * The tensors.
     *
     * @return each with the number of its instances, in the order of the model, unmodifiable
     */
    public Map<StoredPart, Long> tensors() {
        return tensors;
    }

    /**
     * The elements of all tensors, as they are stored: packed words, scales and zeros count as what they are.
     *
     * @return their sum
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE}
     */
    public long elements() {
        long sum = 0;
        for (Map.Entry<StoredPart, Long> tensor : tensors.entrySet()) {
            sum = Math.addExact(sum, Math.multiplyExact(tensor.getKey().elements(), tensor.getValue()));
        }
        return sum;
    }

    /**
     * What all tensors take, without the headers of files.
     *
     * @return their sum
     * @throws ArithmeticException if it exceeds {@link Long#MAX_VALUE} bytes
     */
    public Bytes bytes() {
        Bytes sum = Bytes.ZERO;
        for (Map.Entry<StoredPart, Long> tensor : tensors.entrySet()) {
            sum = sum.plus(tensor.getKey().bytes().times(tensor.getValue()));
        }
        return sum;
    }

    @Override
    public String toString() {
        return "StoredInventory[" + tensors.size() + " kinds of tensors, " + bytes() + "]";
    }
}
