package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartCommandTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void tellsOfLlamaWithoutArguments() {
        Cli cli = Cli.run("quickstart");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.code()).isZero();
        assertThat(cli.out())
                .startsWith("LoRA rank 16 on all linear layers of meta-llama/Llama-3.1-8B (")
                .contains("8030261248 parameters), 1 x 2048 tokens, BF16")
                .containsPattern("frozen weights +14\\.96 +14\\.96\n")
                .containsPattern("24 GB +NVIDIA GeForce RTX 4090 .*no, .* yes, ")
                .containsPattern("48 GB +NVIDIA L40S .*yes, .* yes, ")
                .containsPattern("80 GB +NVIDIA H100 SXM5 80GB .*yes, .* yes, ");
    }

    @Test
    void readsAConfigurationAndOptions() throws IOException {
        Files.writeString(folder.resolve("config.json"), TinyRows.CONFIG);
        Cli cli = Cli.run(
                "quickstart",
                folder.toString(),
                "--rank=4",
                "--targets",
                "q_proj,v_proj",
                "--batch",
                "2",
                "--sequence",
                "128");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.out())
                .startsWith("LoRA rank 4 on q_proj, v_proj of llama (llama, 2 layers, ")
                .contains("2 x 128 tokens");
    }

    @Test
    void takesOneConfiguration() {
        Cli cli = Cli.run("quickstart", "a", "b");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).startsWith("quickstart: more than one configuration is given: a, b\nUsage: ");
    }

    @Test
    void saysWhatIsWrongWithAConfiguration() throws IOException {
        Path file = folder.resolve("config.json");
        assertThat(complaint(file))
                .startsWith("quickstart: cannot read the configuration: ")
                .contains("config.json");
        Files.writeString(file, "{\"model_type\":\"rwkv\"}");
        assertThat(complaint(file)).startsWith("quickstart: " + file + ": model_type = \"rwkv\"");
    }

    @Test
    void saysWhatIsWrongWithAJob() throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, TinyRows.CONFIG);
        assertThat(complaint(file, "--batch", "999999999"))
                .startsWith("quickstart: ")
                .contains("batch");
        assertThat(complaint(file, "--targets", "nothing_proj"))
                .startsWith("quickstart: ")
                .contains("nothing_proj");
    }

    private static String complaint(Path file, String... options) {
        String[] args = new String[options.length + 2];
        args[0] = "quickstart";
        args[1] = file.toString();
        System.arraycopy(options, 0, args, 2, options.length);
        Cli cli = Cli.run(args);
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.out()).isEmpty();
        return cli.err();
    }
}
