package dev.llmmem.formats.quantization;

import dev.llmmem.units.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Every tensor of a checkpoint, repeats folded: layers as <code>{i}</code>, experts as <code>{e}</code>.
 *
 * <p>Immutable and thread-safe.
 */
public final class StoredInventory {

    private final StoredQuantization quantization;
    private final Map<StoredPart, Long> tensors;
    private final long quantizedWeights;
    private final Bytes quantizedBytes;
    private final long besideElements;

    private StoredInventory(
            StoredQuantization quantization,
            Map<StoredPart, Long> tensors,
            long quantizedWeights,
            Bytes quantizedBytes,
            long besideElements) {
        this.quantization = quantization;
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        this.quantizedWeights = quantizedWeights;
        this.quantizedBytes = quantizedBytes;
        this.besideElements = besideElements;
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
     * The elements of all tensors, as they are stored: packed words, scales and zeros count as what they are. The count
     * that the Hugging Face Hub shows leaves out scalars, and for some formats has the weights unpacked.
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
     * What all tensors take, without the headers of files; the least, where {@link #undecidedBytes()} is above 0.
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

    /**
     * What the tensors may take beyond {@link #bytes()}, because the length of some depends on the data: texts that hold a number.
     *
     * @return the most, {@link Bytes#ZERO} but for bitsandbytes with double quantization
     */
    public Bytes undecidedBytes() {
        return tensors.entrySet().stream()
                .map(tensor -> Bytes.of(tensor.getKey().spare()).times(tensor.getValue()))
                .reduce(Bytes.ZERO, Bytes::plus);
    }

    /**
     * The parameters of the model that are quantized.
     *
     * @return their number, before they were packed
     */
    public long quantizedWeights() {
        return quantizedWeights;
    }

    /**
     * The elements of what stands beside the packed weights: scales, zeros, the order of groups, descriptions. A published count of a
     * checkpoint whose weights are a byte each is the model's parameters and these.
     *
     * @return their number, 0 if nothing is quantized
     */
    public long elementsBesideWeights() {
        return besideElements;
    }

    /**
     * What a quantized weight takes on average, with scales, zeros and all else that stands for it.
     *
     * @return bits per weight, or empty if nothing is quantized
     */
    public OptionalDouble bitsPerWeight() {
        return quantizedWeights == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(8.0 * quantizedBytes.value() / quantizedWeights);
    }

    /**
     * A card for people: what is quantized, bits per weight, and each kind of tensor.
     *
     * @return several lines, each with an end
     */
    public String describe() {
        StringBuilder text = new StringBuilder();
        line(text, "stored as %s (%s)", quantization.scheme(), quantization.method());
        bitsPerWeight()
                .ifPresent(bits -> line(
                        text,
                        "  quantized %,d weights, %.6g bits each with scales and zeros: %s",
                        quantizedWeights,
                        bits,
                        quantizedBytes));
        if (besideElements > 0) {
            line(text, "  beside the packed weights: %,d elements", besideElements);
        }
        line(text, "  as they are: %s", bytes().minus(quantizedBytes));
        line(text, "  %,d elements, %s%s", elements(), bytes(), undecided());
        tensors.forEach((tensor, count) -> line(text, "    %,8d x %s", count, tensor));
        return text.toString();
    }

    private String undecided() {
        Bytes most = undecidedBytes();
        return most.equals(Bytes.ZERO) ? "" : " and at most " + most + " that depend on the data";
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    @Override
    public String toString() {
        return "StoredInventory[" + tensors.size() + " kinds of tensors, " + bytes() + "]";
    }

    /** Folds what a walk comes by. */
    static final class Collector implements TensorWalk.Sink {
        private final StoredQuantization quantization;
        private final Map<StoredPart, Long> tensors = new LinkedHashMap<>();
        private long weights;
        private Bytes bytes = Bytes.ZERO;
        private long beside;

        Collector(StoredQuantization quantization) {
            this.quantization = quantization;
        }

        @Override
        public void tensor(StoredPart tensor, int layer, long expert) {
            tensors.merge(tensor, 1L, Math::addExact);
        }

        @Override
        public void quantized(long more, Bytes stored, long others) {
            beside = Math.addExact(beside, others);
            weights = Math.addExact(weights, more);
            bytes = bytes.plus(stored);
        }

        StoredInventory inventory() {
            return new StoredInventory(quantization, tensors, weights, bytes, beside);
        }
    }
}
