package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import java.util.List;

/**
 * The formats of torchao that it stores in safetensors files ({@code torchao/prototype/safetensors}): a weight {@code x.weight} is
 * {@code x._weight_qdata} and its scales.
 *
 * <p>New kinds may come in minor versions. All kinds are immutable.
 */
public sealed interface TorchAo extends Scheme {

    /** FP8 with an fp32 scale for each output ({@code Float8Tensor}). */
    record Float8() implements TorchAo {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of("._weight_qdata", SafeTensorsType.F8_E4M3, outputs, inputs),
                    StoredPart.of("._weight_scale", SafeTensorsType.F32, outputs, 1L));
        }
    }

    /** Bytes with an fp32 scale and a zero of a byte for each output ({@code Int8Tensor}). */
    record Int8() implements TorchAo {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of("._weight_qdata", SafeTensorsType.I8, outputs, inputs),
                    StoredPart.of("._weight_scale", SafeTensorsType.F32, outputs, 1L),
                    StoredPart.of("._weight_zero_point", SafeTensorsType.I8, outputs, 1L));
        }
    }
}
