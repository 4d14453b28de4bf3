package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * One file of a checkpoint: what its header says of its tensors.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface CheckpointFile permits SafeTensors, Gguf {

    /**
     * All tensors.
     *
     * @return the tensors in the order of their bytes, unmodifiable
     */
    Collection<StoredTensor> tensors();

    /**
     * Looks up a tensor.
     *
     * @param name its name
     * @return the tensor, or empty if there is none of that name
     */
    Optional<StoredTensor> find(String name);

    /**
     * What the file takes: header and tensors.
     *
     * @return the length of the file
     */
    Bytes fileBytes();

    /**
     * The number of elements of all tensors.
     *
     * @return their sum
     * @throws ArithmeticException if it exceeds 2<sup>63</sup> &minus; 1
     */
    default long elements() {
        return TensorTotals.elements(tensors());
    }

    /**
     * What all tensors take, without padding.
     *
     * @return their sum
     */
    default Bytes dataBytes() {
        return TensorTotals.bytes(tensors());
    }

    /**
     * What the tensors of each format take.
     *
     * @return sums by format, without formats that no tensor has; in the order of {@link SafeTensorsType}, or of the numbers of
     *     {@link GgmlType}, unmodifiable
     */
    default Map<StoredType, Bytes> bytesByType() {
        return TensorTotals.bytesByType(tensors());
    }
}
