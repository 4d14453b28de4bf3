package dev.llmmem.formats.quantization;

/** From the fields of torchao to a scheme. */
final class TorchAoFields {

    private TorchAoFields() {}

    static Scheme scheme(Values fields) {
        for (String name : new String[] {"include_input_output_embeddings", "untie_embedding_weights"}) {
            if (fields.flag(name)) {
                throw fields.refused(name, "false");
            }
        }
        Values type = fields.object("quant_type").object("default");
        Values data = type.has("_data") ? type.object("_data") : type;
        return switch (type.text("_type").orElse("")) {
            case "Float8WeightOnlyConfig" -> new TorchAo.Float8(true);
            default -> throw type.refused("_type", "\"Float8WeightOnlyConfig\"");
        };
    }
}
