package dev.llmmem.model.architecture;

import dev.llmmem.model.Activation;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The names that transformers gives to activation functions. */
final class Activations {

    private static final Map<String, Activation> BY_NAME = Map.ofEntries(
            Map.entry("silu", Activation.SILU),
            Map.entry("swish", Activation.SILU),
            Map.entry("gelu", Activation.GELU),
            Map.entry("gelu_pytorch_tanh", Activation.GELU_TANH),
            Map.entry("gelu_new", Activation.GELU_NEW),
            Map.entry("gelu_fast", Activation.GELU_FAST),
            Map.entry("relu", Activation.RELU),
            Map.entry("relu2", Activation.RELU_SQUARED));

    private Activations() {}

    static Activation read(Config config, Activation absent, String name) {
        Optional<String> text = config.text(name);
        if (text.isEmpty()) {
            return absent;
        }
        Activation activation = BY_NAME.get(text.get());
        if (activation == null) {
            config.refuse(name, text.get(), "one of " + names());
            return absent;
        }
        return activation;
    }

    static Optional<Activation> find(String text) {
        return Optional.ofNullable(BY_NAME.get(text));
    }

    static String names() {
        return String.join(", ", new TreeSet<>(BY_NAME.keySet()));
    }

    static Activation silu(Config config) {
        return read(config, Activation.SILU, "hidden_act");
    }
}
