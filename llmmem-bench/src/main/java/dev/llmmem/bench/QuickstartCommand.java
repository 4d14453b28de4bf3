package dev.llmmem.bench;

import dev.llmmem.formats.HuggingFace;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.workload.Strategy;
import dev.llmmem.workload.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Says where the memory of a LoRA fine-tune goes and on which cards it would fit.
 *
 * <p>The bundled {@code llama-3.1-8b.json} holds the fields of meta-llama/Llama-3.1-8B's {@code config.json} that describe
 * the architecture, as github.com/ai-dynamo/aiconfigurator (Apache-2.0) has them at commit
 * 095f58a51c4ca8e61b66ec108d86f223f8d559ce.
 */
final class QuickstartCommand implements Command {

    private static final String BUNDLED = "llama-3.1-8b.json";
    private static final String BUNDLED_NAME = "meta-llama/Llama-3.1-8B";
    private static final int RANK = 16;

    @Override
    public String name() {
        return "quickstart";
    }

    @Override
    public String summary() {
        return "show where the memory of a LoRA fine-tune goes, and where it fits";
    }

    @Override
    public String usage() {
        return """
                quickstart [CONFIG] [--rank N] [--targets NAMES] [--batch N] [--sequence N]

                  CONFIG           a config.json of the Hugging Face Hub, or its folder; without it,
                                   that of meta-llama/Llama-3.1-8B
                  --rank N         of the adapters; without it, 16
                  --targets NAMES  the adapted layers, such as q_proj,v_proj; without it, all linear ones
                  --batch N        rows of a step; without it, 1
                  --sequence N     tokens of a row; without it, 2048 or what the model can do
                """;
    }

    @Override
    public int run(List<String> args, PrintStream out) {
        Arguments arguments = Arguments.parse(args, Set.of(), Set.of("--rank", "--targets", "--batch", "--sequence"));
        try {
            out.print(QuickstartTable.of(job(arguments)));
            return 0;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw CommandException.input(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw CommandException.input("cannot read the configuration: " + e.getCause());
        }
    }

    private static Workload job(Arguments arguments) {
        Strategy.Lora lora = Strategy.lora(arguments.count("--rank").orElse(RANK));
        Workload.Builder job = Workload.builder()
                .model(model(arguments.positional()))
                .strategy(arguments
                        .value("--targets")
                        .map(names -> lora.targeting(names.split(",", -1)))
                        .orElse(lora.targetingAllLinear()))
                .batch(arguments.count("--batch").orElse(1));
        return arguments.count("--sequence").map(job::sequence).orElse(job).build();
    }

    private static ModelSpec model(List<String> files) {
        if (files.size() > 1) {
            throw CommandException.usage("more than one configuration is given: " + String.join(", ", files));
        }
        if (files.isEmpty()) {
            return bundled();
        }
        return HuggingFace.read(Path.of(files.get(0)));
    }

    private static ModelSpec bundled() {
        try (InputStream stream = QuickstartCommand.class.getResourceAsStream(BUNDLED)) {
            if (stream == null) {
                throw new IllegalStateException(BUNDLED + " is missing");
            }
            return HuggingFace.read(stream).toBuilder().name(BUNDLED_NAME).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
