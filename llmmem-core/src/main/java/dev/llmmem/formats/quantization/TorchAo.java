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

    /**
     * FP8 with fp32 scales ({@code Float8Tensor}).
     *
     * @param byRow whether each output has a scale; otherwise all weights share one
     */
    record Float8(boolean byRow) implements TorchAo {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of("._weight_qdata", SafeTensorsType.F8_E4M3, outputs, inputs),
                    StoredPart.of("._weight_scale", SafeTensorsType.F32, byRow ? outputs : 1L, 1L));
        }
    }

    /**
     * Four bits in the plain order ({@code Int4Tensor}), with a scale and a zero for each group in the format of the weight.
     *
     * @param group inputs that share them
     */
    record Int4(int group) implements TorchAo {
        @Override
        public boolean fits(long outputs, long inputs) {
            return inputs % group == 0 && inputs % 2 == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of("._weight_qdata", SafeTensorsType.I8, outputs, inputs / 2),
                    StoredPart.of("._weight_scale", plain, inputs / group, outputs),
                    StoredPart.of("._weight_zero_point", plain, inputs / group, outputs));
        }
    }
}
