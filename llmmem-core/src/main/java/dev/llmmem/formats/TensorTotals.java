package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Sums over tensors. */
final class TensorTotals {

    private TensorTotals() {}

    static Bytes bytes(Collection<StoredTensor> tensors) {
        return tensors.stream().map(StoredTensor::bytes).reduce(Bytes.ZERO, Bytes::plus);
    }

    static long elements(Collection<StoredTensor> tensors) {
        return tensors.stream().mapToLong(StoredTensor::elements).reduce(0, Math::addExact);
    }

    static OptionalDouble bitsPerElement(Collection<StoredTensor> tensors) {
        long elements = elements(tensors);
        return elements == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(8.0 * bytes(tensors).value() / elements);
    }

    static Map<StoredType, Bytes> bytesByType(Collection<StoredTensor> tensors) {
        Map<StoredType, Bytes> sums = new TreeMap<>(TensorTotals::compare);
        tensors.forEach(tensor -> sums.merge(tensor.format(), tensor.bytes(), Bytes::plus));
        return Collections.unmodifiableMap(new LinkedHashMap<>(sums));
    }

    private static int compare(StoredType one, StoredType other) {
        if (one instanceof SafeTensorsType plain && other instanceof SafeTensorsType second) {
            return plain.compareTo(second);
        }
        return Integer.compare(number(one), number(other));
    }

    private static int number(StoredType type) {
        return type instanceof GgmlType ggml ? ggml.id() : -1;
    }
}
