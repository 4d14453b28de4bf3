package dev.llmmem.formats;

import dev.llmmem.units.Bytes;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Sums over tensors. */
final class TensorTotals {

    private TensorTotals() {}

    static Bytes bytes(Collection<StoredTensor> tensors) {
        return tensors.stream().map(StoredTensor::bytes).reduce(Bytes.ZERO, Bytes::plus);
    }

    static Map<StoredType, Bytes> bytesByType(Collection<StoredTensor> tensors) {
        Map<StoredType, Bytes> sums = new EnumMap<>(StoredType.class);
        tensors.forEach(tensor -> sums.merge(tensor.format(), tensor.bytes(), Bytes::plus));
        return Collections.unmodifiableMap(sums);
    }
}
