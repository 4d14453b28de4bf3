package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.formats.quantization.Scheme;
import dev.llmmem.formats.quantization.StoredPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors that stand for a weight, against those that each library itself made of one: {@code stored-schemes.csv.gz}. */
class StoredSchemesTest {

    private record Tensor(String name, SafeTensorsType type, List<Long> shape) {}

    private record Weight(String library, String form, long outputs, long inputs) {}

    private static final Map<Weight, List<Tensor>> STORED = stored();

    private static Map<Weight, List<Tensor>> stored() {
        Map<Weight, List<Tensor>> stored = new LinkedHashMap<>();
        TestData.lines("stored-schemes.csv.gz").stream().skip(1).forEach(line -> {
            String[] row = line.split(",", -1);
            List<Long> shape = row[6].isEmpty()
                    ? List.of()
                    : Stream.of(row[6].split("x")).map(Long::valueOf).toList();
            stored.computeIfAbsent(
                            new Weight(row[0], row[1], Long.parseLong(row[2]), Long.parseLong(row[3])),
                            weight -> new ArrayList<>())
                    .add(new Tensor(row[4], SafeTensorsType.valueOf(row[5]), shape));
        });
        return stored;
    }

    private static Stream<Weight> weights() {
        return STORED.keySet().stream();
    }

    @Test
    void allLibrariesAreThere() {
        assertThat(weights().map(Weight::library).distinct())
                .containsExactlyInAnyOrder(
                        "bitsandbytes", "auto-gptq", "autoawq", "hqq", "compressed-tensors", "torchao");
        assertThat(STORED).hasSizeGreaterThan(90);
    }

    @ParameterizedTest
    @MethodSource("weights")
    void tensorsAreThoseOfTheLibrary(Weight weight) {
        Scheme scheme = HuggingFaceQuantization.read(config(weight)).scheme();
        boolean half = List.of("auto-gptq", "autoawq", "hqq").contains(weight.library());
        SafeTensorsType plain = half ? SafeTensorsType.F16 : SafeTensorsType.BF16;
        assertThat(scheme.fits(weight.outputs(), weight.inputs())).isTrue();
        List<StoredPart> parts = scheme.parts(weight.outputs(), weight.inputs(), plain);
        List<Tensor> expected = Objects.requireNonNull(STORED.get(weight));
        assertThat(parts)
                .extracting(StoredPart::name)
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(Tensor::name).toList());
        long bytes = 0;
        long spare = 0;
        for (StoredPart part : parts) {
            Tensor tensor = expected.stream()
                    .filter(one -> one.name().equals(part.name()))
                    .findFirst()
                    .orElseThrow();
            assertThat(part.type()).as(part.name()).isEqualTo(tensor.type());
            assertThat(part.admits(tensor.shape()))
                    .as(part + " " + tensor.shape())
                    .isTrue();
            bytes += tensor.type().bytes(tensor.shape()).value();
            spare += part.spare();
        }
        double bits = scheme.bitsPerWeight(weight.outputs(), weight.inputs(), plain);
        double stored = 8.0 * bytes / (weight.outputs() * weight.inputs());
        assertThat(bits).isBetween(stored - 8.0 * spare / (weight.outputs() * weight.inputs()), stored);
    }

    private static String config(Weight weight) {
        String[] form = weight.form().split("-");
        String fields = switch (weight.library()) {
            case "bitsandbytes" -> bitsAndBytes(form);
            case "auto-gptq" -> "'quant_method':'gptq','bits':" + form[0] + ",'group_size':" + group(weight);
            case "autoawq" ->
                "'quant_method':'awq','version':'gemm','zero_point':true,'bits':4,'group_size':" + group(weight);
            case "hqq" ->
                "'quant_method':'hqq','quant_config':{'weight_quant_params':{'nbits':" + form[0]
                        + ",'group_size':" + form[1].replace("None", "null") + ",'axis':"
                        + form[2].substring(4) + "}}";
            case "torchao" ->
                "'quant_method':'torchao','quant_type':{'default':{'_type':'" + torchAo(form[0])
                        + "','_version':2,'_data':{'group_size':null,'granularity':{'_type':'PerRow','_version':1,'_data':{'dim':-1}}}}}";
            default -> compressed(weight.form());
        };
        return "{'quantization_config':{".replace('\'', '"') + fields.replace('\'', '"') + "}}";
    }

    private static String group(Weight weight) {
        return weight.form().substring(weight.form().indexOf('-') + 1);
    }

    private static String bitsAndBytes(String[] form) {
        if (form[0].equals("int8")) {
            return "'quant_method':'bitsandbytes','load_in_8bit':true";
        }
        String storage = switch (form[form.length - 1]) {
            case "BF16" -> "bfloat16";
            case "F32" -> "float32";
            default -> "uint8";
        };
        return "'quant_method':'bitsandbytes','load_in_4bit':true,'bnb_4bit_quant_type':'" + form[0]
                + "','bnb_4bit_use_double_quant':" + form[1].equals("double") + ",'bnb_4bit_quant_storage':'" + storage
                + "'";
    }

    private static String torchAo(String form) {
        return switch (form) {
            case "int8wo" -> "Int8WeightOnlyConfig";
            case "int8dq" -> "Int8DynamicActivationInt8WeightConfig";
            default -> "Float8WeightOnlyConfig";
        };
    }

    private static String compressed(String form) {
        String format = Stream.of("pack", "int", "float", "naive", "nvfp4-pack", "mxfp4-pack")
                .map(start -> start + "-quantized")
                .filter(form::startsWith)
                .findFirst()
                .orElseThrow();
        String rest = form.substring(Math.min(form.length(), format.length() + 1));
        String inputs = "null";
        if (rest.contains("static")) {
            inputs = "{'dynamic':false,'strategy':'tensor','symmetric':" + !rest.endsWith("staticasym") + "}";
        } else if (form.equals("nvfp4-pack-quantized")) {
            inputs = "{'dynamic':'local','strategy':'tensor_group'}";
        } else if (rest.contains("dynamic")) {
            inputs = "{'dynamic':true,'strategy':'token'}";
        }
        String strategy = rest.contains("group") ? "group" : rest.contains("channel") ? "channel" : "tensor";
        String scales = rest.contains("block")
                ? "'strategy':'block','block_structure':[128,128]"
                : "'strategy':'" + strategy + "','group_size':" + (rest.contains("group") ? "32" : "null");
        if (format.startsWith("nvfp4")) {
            scales = "'strategy':'tensor_group','group_size':16";
        }
        boolean floats = format.startsWith("float") || format.contains("fp4");
        return "'quant_method':'compressed-tensors','format':'" + format
                + "','config_groups':{'g':{'targets':['Linear'],'input_activations':" + inputs
                + ",'weights':{'num_bits':" + (rest.startsWith("8") ? 8 : 4) + ",'type':'" + (floats ? "float" : "int")
                + "','symmetric':" + !rest.replace("staticasym", "").contains("asym") + "," + scales
                + ",'actorder':"
                + (rest.endsWith("actorder") ? "'group'" : rest.endsWith("weight") ? "'weight'" : "null") + "}}}";
    }

    /** Sums of published descriptions: 4.5 and the 4.127 of arXiv 2305.14314, 4.15625 of a group of 128, 4.25 of OCP MX. */
    @Test
    void bitsPerWeightAreAsPublished() {
        SafeTensorsType plain = SafeTensorsType.BF16;
        assertThat(bits(new Scheme.BitsAndBytes4("nf4", false, SafeTensorsType.U8), plain))
                .isEqualTo("4.500");
        assertThat(bits(new Scheme.BitsAndBytes4("nf4", true, SafeTensorsType.U8), plain))
                .isEqualTo("4.127");
        assertThat(bits(new Scheme.Hqq(4, 64, 1), plain)).isEqualTo("4.500");
        assertThat(bits(new Scheme.Nvfp4(), plain)).isEqualTo("4.500");
        assertThat(bits(new Scheme.Awq(128), plain)).isEqualTo("4.156");
        assertThat(bits(new Scheme.Fp8Block(128, 128), plain)).isEqualTo("8.002");
    }

    private static String bits(Scheme scheme, SafeTensorsType plain) {
        return String.format(Locale.ROOT, "%.3f", scheme.bitsPerWeight(16_384, 16_384, plain));
    }
}
