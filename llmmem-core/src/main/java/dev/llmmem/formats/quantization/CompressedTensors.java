package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import java.util.ArrayList;
import java.util.List;

/**
 * The formats of compressed-tensors ({@code src/compressed_tensors/compressors}). Scales have the format of what is not quantized, but
 * where a kind says otherwise; zeros are stored only of weights that are not symmetric.
 *
 * <p>New kinds may come in minor versions. All kinds are immutable.
 */
public sealed interface CompressedTensors extends Scheme {

    /** What shares a scale. */
    enum Strategy {
        /** All weights. */
        TENSOR,
        /** The weights of an output. */
        CHANNEL,
        /** Some weights of an output. */
        GROUP,
        /** Some outputs by some inputs. */
        BLOCK
    }

    /**
     * How scales are shared.
     *
     * @param strategy what shares a scale
     * @param rows outputs of a block, 1 for all other strategies
     * @param columns inputs of a group or of a block, 1 for all other strategies
     */
    record Scales(Strategy strategy, int rows, int columns) {
        List<Long> shape(long outputs, long inputs) {
            return switch (strategy) {
                case TENSOR -> List.of(1L);
                case CHANNEL -> List.of(outputs, 1L);
                case GROUP -> List.of(outputs, up(inputs, columns));
                case BLOCK -> List.of(up(outputs, rows), up(inputs, columns));
            };
        }

        boolean fits(long outputs, long inputs) {
            return strategy != Strategy.GROUP || inputs % columns == 0;
        }
    }

    /** How inputs are scaled. */
    enum Inputs {
        /** Not at all, or as they come. */
        UNSTORED,
        /** By a scale of the checkpoint. */
        SCALED,
        /** By a scale and a zero of the checkpoint. */
        SCALED_FROM_ZERO
    }

    /**
     * Whole numbers in 32-bit words: {@code pack-quantized}.
     *
     * @param bits 4 or 8
     * @param symmetric whether there are no zeros
     * @param scales what shares a scale, and a zero where there are zeros
     * @param ordered whether the group of each input is stored, which the library does where groups follow the activations
     */
    record Packed(int bits, boolean symmetric, Scales scales, boolean ordered) implements CompressedTensors {
        @Override
        public boolean fits(long outputs, long inputs) {
            return scales.fits(outputs, inputs);
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            List<Long> shape = scales.shape(outputs, inputs);
            List<StoredPart> parts = new ArrayList<>();
            parts.add(StoredPart.of(".weight_packed", SafeTensorsType.I32, outputs, up(inputs, 32 / bits)));
            parts.add(new StoredPart(".weight_scale", plain, shape));
            parts.add(StoredPart.of(".weight_shape", SafeTensorsType.I64, 2L));
            if (!symmetric) {
                parts.add(
                        StoredPart.of(".weight_zero_point", SafeTensorsType.I32, up(outputs, 32 / bits), shape.get(1)));
            }
            if (ordered) {
                parts.add(StoredPart.of(".weight_g_idx", SafeTensorsType.I32, inputs));
            }
            return List.copyOf(parts);
        }
    }

    /**
     * Whole numbers of a byte: {@code int-quantized}.
     *
     * @param symmetric whether there are no zeros
     * @param scales what shares a scale, and a zero where there are zeros
     * @param inputs how inputs are scaled
     */
    record Integers(boolean symmetric, Scales scales, Inputs inputs) implements CompressedTensors {
        @Override
        public boolean fits(long outputs, long columns) {
            return scales.fits(outputs, columns);
        }

        @Override
        public List<StoredPart> parts(long outputs, long columns, SafeTensorsType plain) {
            List<Long> shape = scales.shape(outputs, columns);
            List<StoredPart> parts = new ArrayList<>();
            parts.add(StoredPart.of(".weight", SafeTensorsType.I8, outputs, columns));
            parts.add(new StoredPart(".weight_scale", plain, shape));
            if (!symmetric) {
                parts.add(new StoredPart(".weight_zero_point", SafeTensorsType.I8, shape));
            }
            if (inputs != Inputs.UNSTORED) {
                parts.add(StoredPart.of(".input_scale", plain, 1L));
            }
            if (inputs == Inputs.SCALED_FROM_ZERO) {
                parts.add(StoredPart.of(".input_zero_point", SafeTensorsType.I8, 1L));
            }
            return List.copyOf(parts);
        }
    }

    /**
     * FP8: {@code float-quantized}.
     *
     * @param scales what shares a scale
     * @param inputs how inputs are scaled
     */
    record Floats(Scales scales, Inputs inputs) implements CompressedTensors {
        @Override
        public boolean fits(long outputs, long columns) {
            return scales.fits(outputs, columns);
        }

        @Override
        public List<StoredPart> parts(long outputs, long columns, SafeTensorsType plain) {
            List<StoredPart> parts = new ArrayList<>();
            parts.add(StoredPart.of(".weight", SafeTensorsType.F8_E4M3, outputs, columns));
            parts.add(new StoredPart(".weight_scale", plain, scales.shape(outputs, columns)));
            if (inputs != Inputs.UNSTORED) {
                parts.add(StoredPart.of(".input_scale", plain, 1L));
            }
            return List.copyOf(parts);
        }
    }

    /**
     * NVFP4: {@code nvfp4-pack-quantized}. 16 inputs share an FP8 scale, all weights an fp32 one.
     *
     * @param inputs whether inputs have a global scale too, as NVFP4A4 has
     */
    record Nvfp4Packed(boolean inputs) implements CompressedTensors {
        @Override
        public boolean fits(long outputs, long columns) {
            return columns % 16 == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long columns, SafeTensorsType plain) {
            List<StoredPart> parts = new ArrayList<>();
            parts.add(StoredPart.of(".weight_packed", SafeTensorsType.U8, outputs, columns / 2));
            parts.add(StoredPart.of(".weight_scale", SafeTensorsType.F8_E4M3, outputs, columns / 16));
            parts.add(StoredPart.of(".weight_global_scale", SafeTensorsType.F32, 1L));
            if (inputs) {
                parts.add(StoredPart.of(".input_global_scale", SafeTensorsType.F32, 1L));
            }
            return List.copyOf(parts);
        }
    }

    /** MXFP4: {@code mxfp4-pack-quantized} with scales of a byte for 32 inputs. */
    record Mxfp4Packed() implements CompressedTensors {
        @Override
        public boolean fits(long outputs, long inputs) {
            return inputs % 32 == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of(".weight_packed", SafeTensorsType.U8, outputs, inputs / 2),
                    StoredPart.of(".weight_scale", SafeTensorsType.U8, outputs, inputs / 32));
        }
    }

    private static long up(long number, long divisor) {
        return number / divisor + (number % divisor == 0 ? 0 : 1);
    }
}
