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
public sealed interface Scheme
        permits Scheme.Unquantized,
                Scheme.BitsAndBytes4,
                Scheme.BitsAndBytes8,
                Scheme.Gptq,
                Scheme.Awq,
                Scheme.Fp8Block,
                Scheme.Fp8Tensor,
                Scheme.Fp8Row,
                Scheme.Hqq,
                Scheme.Nvfp4,
                Scheme.Mxfp4,
                CompressedTensors,
                TorchAo {

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

    /** No quantization: the weight in the format of what is not quantized. */
    record Unquantized() implements Scheme {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(StoredPart.of(".weight", plain, outputs, inputs));
        }
    }

    /**
     * bitsandbytes NF4 or FP4 with a scale for each block of 64 (bitsandbytes/functional.py, {@code QuantState.as_dict}). With double
     * quantization (arXiv 2305.14314) the scales take a byte each, and blocks of 256 of them have an fp32 scale; the text of the state
     * then holds a number whose length depends on the data, 3 to 24 characters.
     *
     * @param type {@code nf4} or {@code fp4}
     * @param doubled whether the scales are quantized
     * @param storage the format that the packed weights are stored as: U8, F16, BF16 or F32, of the same bytes
     */
    record BitsAndBytes4(String type, boolean doubled, SafeTensorsType storage) implements Scheme {
        @Override
        public boolean fits(long outputs, long inputs) {
            return up(Math.multiplyExact(outputs, inputs), 2) % width() == 0;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            long elements = Math.multiplyExact(outputs, inputs);
            long blocks = up(elements, 64);
            String state = "{\"quant_type\": \"" + type + "\", \"blocksize\": 64, \"dtype\": \"" + torchName(plain)
                    + "\", \"shape\": [" + outputs + ", " + inputs + "]"
                    + (doubled
                            ? ", \"nested_blocksize\": 256, \"nested_dtype\": \"float32\", \"nested_offset\": 0.0}"
                            : "}");
            List<StoredPart> parts = new ArrayList<>();
            parts.add(StoredPart.of(".weight", storage, up(elements, 2) / width(), 1L));
            parts.add(StoredPart.of(".weight.absmax", doubled ? SafeTensorsType.U8 : SafeTensorsType.F32, blocks));
            parts.add(StoredPart.of(".weight.quant_map", SafeTensorsType.F32, 16L));
            if (doubled) {
                parts.add(StoredPart.of(".weight.nested_absmax", SafeTensorsType.F32, up(blocks, 256)));
                parts.add(StoredPart.of(".weight.nested_quant_map", SafeTensorsType.F32, 256L));
            }
            parts.add(new StoredPart(
                    ".weight.quant_state.bitsandbytes__" + type,
                    SafeTensorsType.U8,
                    List.of((long) state.length()),
                    doubled ? 21 : 0));
            return List.copyOf(parts);
        }

        private long width() {
            return storage.bytes(1).value();
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

    /** FP8 with an fp32 scale for each output (FBGEMM). */
    record Fp8Row() implements Scheme {
        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            return List.of(
                    StoredPart.of(".weight", SafeTensorsType.F8_E4M3, outputs, inputs),
                    StoredPart.of(".weight_scale", SafeTensorsType.F32, outputs, 1L));
        }
    }

    /**
     * HQQ (hqq/core/quantize.py, {@code HQQLinear.state_dict}), with a scale and a zero for each group in the format of computation and
     * the whole configuration beside every weight.
     *
     * @param bits 1, 2, 3, 4 or 8; 3 bits are stored ten to a 32-bit word
     * @param group weights that share a scale and a zero, or -1 for a row or column
     * @param axis 1 for groups along the inputs, 0 for groups along the outputs
     */
    record Hqq(int bits, int group, int axis) implements Scheme {
        @Override
        public boolean fits(long outputs, long inputs) {
            long elements = Math.multiplyExact(outputs, inputs);
            return (group < 0 || elements % group == 0) && (bits == 3 || rows(outputs, inputs) % (8 / bits) == 0);
        }

        /** The rows of the matrix that is packed. */
        private long rows(long outputs, long inputs) {
            if (group < 0) {
                return outputs;
            }
            return axis == 1 ? Math.multiplyExact(outputs, inputs) / group : group;
        }

        @Override
        public List<StoredPart> parts(long outputs, long inputs, SafeTensorsType plain) {
            long rows = rows(outputs, inputs);
            long columns = Math.multiplyExact(outputs, inputs) / rows;
            Long[] scales = axis == 1 ? new Long[] {rows, 1L} : new Long[] {1L, columns};
            List<StoredPart> parts = new ArrayList<>();
            parts.add(
                    bits == 3
                            ? StoredPart.of(".W_q", SafeTensorsType.I32, up(rows, 10), columns)
                            : StoredPart.of(".W_q", SafeTensorsType.U8, rows / (8 / bits), columns));
            parts.add(StoredPart.of(".scale", plain, scales));
            parts.add(StoredPart.of(".zero", plain, scales));
            parts.add(StoredPart.of(".shape", SafeTensorsType.I64, 2L));
            List.of("nbits", "group_size", "axis")
                    .forEach(name -> parts.add(StoredPart.of("." + name, SafeTensorsType.I32)));
            // Texts: 8bit_u8 and the like, torch.uint8, and the format of computation.
            parts.add(StoredPart.of(".packing", SafeTensorsType.U8, 7L));
            parts.add(StoredPart.of(".unpack_view_dtype", SafeTensorsType.U8, 11L));
            parts.add(StoredPart.of(".compute_dtype", SafeTensorsType.U8, plain == SafeTensorsType.BF16 ? 14L : 13L));
            FLAGS.forEach(name -> parts.add(StoredPart.of("." + name, SafeTensorsType.U8)));
            return List.copyOf(parts);
        }

        private static final List<String> FLAGS = List.of(
                "view_as_float",
                "quant_scale",
                "quant_zero",
                "offload_meta",
                "encoded_state_dict",
                "stores_quant_config",
                "channel_wise",
                "optimize",
                "round_zero");
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
