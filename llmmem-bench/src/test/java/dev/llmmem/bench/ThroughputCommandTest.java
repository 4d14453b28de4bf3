package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThroughputCommandTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void saysWhatItCannotRead() throws IOException {
        assertThat(Cli.run("throughput", folder.toString()).err()).contains("short.tsv");
        Files.writeString(folder.resolve("short.tsv"), "");
        assertThat(Cli.run("throughput", folder.toString()).err()).contains("is empty, but must hold pairs");
        Files.writeString(folder.resolve("short.tsv"), "a\tb\nno tab\n");
        assertThat(Cli.run("throughput", folder.toString()).err()).contains("short.tsv, line 2 has no tab");
        assertThat(Cli.run("throughput", "--seconds", "0", folder.toString()).code())
                .isNotZero();
        assertThat(Cli.run("throughput").code()).isEqualTo(2);
    }
}
