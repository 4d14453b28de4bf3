package dev.llmmem.formats.quantization;

import dev.llmmem.formats.SafeTensorsType;
import dev.llmmem.units.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How one linear weight is stored. New kinds may come in minor versions, so keep a {@code default} branch in switches.
 *
 * <p>All kinds are immutable.
 */
public sealed interface Scheme {

    /**
     * The tensors that stand for a weight, without its bias.
     *
     * @param outputs rows of the weight, at least 1
     * @param inputs columns of the weight, at least 1
     * @param plain the format of what is not quantized
     * @return the parts; names are what is added to the module's name
     */
    List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain);

    /**
     * Whether a weight of that shape can be packed; one that cannot stays as it is.
     *
     * @param outputs rows of the weight
     * @param inputs columns of the weight
     * @return true where the dimensions divide
     */
    default boolean fits(long outputs, long inputs) {
        return true;
    }

    /**
     * The bits that a weight takes for each of its elements, with scales and zeros.
     *
     * @param outputs rows of the weight
     * @param inputs columns of the weight
     * @param plain the format of what is not quantized
     * @return bits per weight
     */
    default double bitsPerWeight(long outputs, long inputs, SafeTensorsType plain) {
        long bytes = parts(outputs, inputs, plain).stream()
                .map(StoredPart::bytes)
                .reduce(Bytes.ZERO, Bytes::plus)
                .value();
        return 8.0 * bytes / Math.multiplyExact(outputs, inputs);
    }

    /**
     * bitsandbytes NF4 or FP4 with fp32 scales for blocks of 64 (bitsandbytes/functional.py, {@code QuantState.as_dict}).
     *
     * @param type {@code nf4} or {@code fp4}
     */
    record BitsAndBytes4(String type) implements Scheme {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            long elements = Math.multiplyExact(outputs, inputs);
            String state = "{\"quant_type\": \"" + type + "\", \"blocksize\": 64, \"dtype\": \"" + torchName(plain)
                    + "\", \"shape\": [" + outputs + ", " + inputs + "]}";
            return List.of(
                    StoredPart.of(".weight", SafeTensorsType.U8, up(elements, 2), 1L),
                    StoredPart.of(".weight.absmax", SafeTensorsType.F32, up(elements, 64)),
                    StoredPart.of(".weight.quant_map", SafeTensorsType.F32, 16L),
                    StoredPart.of(
                            ".weight.quant_state.bitsandbytes__" + type, SafeTensorsType.U8, (long) state.length()));
        }

        private static String torchName(SafeTensorsType plain) {
            return switch (plain) {
                case BF16 -> "bfloat16";
                case F32 -> "float32";
                default -> "float16";
            };
        }
    }

    /** LLM.int8 of bitsandbytes: a byte for each weight and an fp32 scale for each output (arXiv 2208.07339). */
    record BitsAndBytes8() implements Scheme {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of(".weight", SafeTensorsType.I8, outputs, inputs),
                    StoredPart.of(".SCB", SafeTensorsType.F32, outputs),
                    StoredPart.of(".weight_format", SafeTensorsType.U8));
        }
    }

    /**
     * GPTQ (arXiv 2210.17323), packed into 32-bit words along the inputs (AutoGPTQ, {@code qlinear_cuda.py}).
     *
     * @param bits 2, 3, 4 or 8
     * @param group inputs that share a scale, or -1 for all
     */
    record Gptq(int bits, int group) implements Scheme {
        @Override
        public boolean fits(long outputs, long inputs) {
            return outputs % 32 == 0 && inputs % 32 == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            long groups = group < 0 ? 1 : up(inputs, group);
            return List.of(
                    StoredPart.of(".qweight", SafeTensorsType.I32, inputs / 32 * bits, outputs),
                    StoredPart.of(".qzeros", SafeTensorsType.I32, groups, outputs / 32 * bits),
                    StoredPart.of(".scales", SafeTensorsType.F16, groups, outputs),
                    StoredPart.of(".g_idx", SafeTensorsType.I32, inputs));
        }
    }

    /**
     * AWQ (arXiv 2306.00978) in the order of its GEMM kernel, 4 bits (AutoAWQ, {@code gemm.py}).
     *
     * @param group inputs that share a scale, or -1 for all
     */
    record Awq(int group) implements Scheme {
        @Override
        public boolean fits(long outputs, long inputs) {
            return outputs % 8 == 0 && (group < 0 || inputs % group == 0);
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            long groups = group < 0 ? 1 : inputs / group;
            return List.of(
                    StoredPart.of(".qweight", SafeTensorsType.I32, inputs, outputs / 8),
                    StoredPart.of(".qzeros", SafeTensorsType.I32, groups, outputs / 8),
                    StoredPart.of(".scales", SafeTensorsType.F16, groups, outputs));
        }
    }

    /**
     * FP8 with an fp32 scale for each block (DeepSeek-V3, arXiv 2412.19437).
     *
     * @param rows outputs of a block
     * @param columns inputs of a block
     */
    record Fp8Block(int rows, int columns) implements Scheme {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of(".weight", SafeTensorsType.F8_E4M3, outputs, inputs),
                    StoredPart.of(".weight_scale_inv", SafeTensorsType.F32, up(outputs, rows), up(inputs, columns)));
        }
    }

    /**
     * FP8 with one fp32 scale for the tensor.
     *
     * @param scale the name of the scale, such as {@code weight_scale}
     * @param inputScale the name of the scale of inputs, or empty where inputs are scaled as they come
     */
    record Fp8Tensor(String scale, Optional<String> inputScale) implements Scheme {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            List<StoredPart> parts = new ArrayList<>();
            parts.add(StoredPart.of(".weight", SafeTensorsType.F8_E4M3, outputs, inputs));
            parts.add(StoredPart.of("." + scale, SafeTensorsType.F32));
            inputScale.ifPresent(name -> parts.add(StoredPart.of("." + name, SafeTensorsType.F32)));
            return List.copyOf(parts);
        }
    }

    /** FP8 with a scale for each output, in the format of what is not quantized (compressed-tensors, float-quantized). */
    record Fp8Channel() implements Scheme {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of(".weight", SafeTensorsType.F8_E4M3, outputs, inputs),
                    StoredPart.of(".weight_scale", plain, outputs, 1L));
        }
    }

    /**
     * Symmetric whole numbers of compressed-tensors, pack-quantized.
     *
     * @param bits 4 or 8
     * @param group inputs that share a scale, or -1 for all
     */
    record PackedIntegers(int bits, int group) implements Scheme {
        @Override
        public boolean fits(long outputs, long inputs) {
            return group < 0 || inputs % group == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of(".weight_packed", SafeTensorsType.I32, outputs, up(inputs, 32 / bits)),
                    StoredPart.of(".weight_scale", plain, outputs, group < 0 ? 1 : inputs / group),
                    StoredPart.of(".weight_shape", SafeTensorsType.I64, 2L));
        }
    }

    /** NVFP4 as NVIDIA's ModelOpt exports it: 16 inputs share an FP8 scale. */
    record Nvfp4() implements Scheme {
        @Override
        public boolean fits(long outputs, long inputs) {
            return inputs % 16 == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of(".weight", SafeTensorsType.U8, outputs, inputs / 2),
                    StoredPart.of(".weight_scale", SafeTensorsType.F8_E4M3, outputs, inputs / 16),
                    StoredPart.of(".weight_scale_2", SafeTensorsType.F32),
                    StoredPart.of(".input_scale", SafeTensorsType.F32));
        }
    }

    /** MXFP4 (OCP MX) of gpt-oss, whose experts are one tensor: 32 inputs share a scale of one byte. */
    record Mxfp4() implements Scheme {
        @Override
        public boolean fits(long outputs, long inputs) {
            return inputs % 32 == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of("_blocks", SafeTensorsType.U8, outputs, inputs / 32, 16L),
                    StoredPart.of("_scales", SafeTensorsType.U8, outputs, inputs / 32));
        }
    }

    private static long up(long number, long divisor) {
        return number / divisor + (number % divisor == 0 ? 0 : 1);
    }
}
