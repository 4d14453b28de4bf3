package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

class ParityCommandTest {

    private static final String ROUGE = """
            {"id":"a","target":"It is cold outside.","prediction":"It is (very) cold outside.",\
            "nostem":{"rouge1":[0.8,1.0,0.888888888888889]},"stem":{"rouge1":[0.8,1.0,0.888888888888889]}}
            """;
    private static final String NLTK = """
            {"id":"b","references":[["a","b"]],"hypothesis":[],"results":[{"weights":[1.0],"smoothing":"none","score":0}]}
            """;
    private static final String TER = """
            {"id":"c","hypotheses":["a b","c"],"references":[["a c","c"]],"runs":[{"opt":{},"score":33.33333333333333,"num_edits":1,\
            "ref_length":3.0,"signature":"nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:2.6.0","format":"TER = 33.33"}]}
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void comparesFilesByTheirNames() throws IOException {
        Files.writeString(folder.resolve("rouge.jsonl"), ROUGE);
        Files.writeString(folder.resolve("bleu_nltk.jsonl"), NLTK);
        Files.writeString(folder.resolve("ter.jsonl"), TER);
        Files.writeString(folder.resolve("others.jsonl"), "not JSON");
        Cli cli = Cli.run("parity", folder.toString());
        assertThat(cli.err()).isEmpty();
        assertThat(cli.code()).isZero();
        assertThat(cli.out()).isEqualTo("""
                file             results  exact  within  different
                bleu_nltk.jsonl        1      1       0          0
                rouge.jsonl            2      2       0          0
                ter.jsonl              5      5       0          0
                """);
    }

    @Test
    void tellsDifferencesAndFails() throws IOException {
        Path porter = folder.resolve("porter.jsonl");
        Files.writeString(porter, "{\"w\":\"flies\",\"s\":\"fli\"}\n\n{\"w\":\"ties\",\"s\":\"ti\"}\n");
        Cli text = Cli.run("parity", porter.toString());
        assertThat(text.code()).isOne();
        assertThat(text.out()).endsWith("ties: ti expected, but got tie\n");
        Cli json = Cli.run("parity", "--json", porter.toString());
        assertThat(json.code()).isOne();
        assertThat(new ObjectMapper().readTree(json.out())).isEqualTo(new ObjectMapper().readTree("""
                {"files":{"porter.jsonl":{"results":2,"exact":1,"within":0,"different":1}}}
                """));
    }

    @Test
    void saysWhatItCannotRead() throws IOException {
        Path other = Files.writeString(folder.resolve("other.jsonl"), "{}");
        assertThat(Cli.run("parity", other.toString()).err())
                .contains("must be named as one of bleu_nltk, bleu_sacre,");
        Path broken = Files.writeString(folder.resolve("lower.jsonl"), "{\"s\":\"A\",\"lower\":\"a\"}\n{\"s\":");
        assertThat(Cli.run("parity", broken.toString()).err()).contains("lower.jsonl, line 2: ");
        assertThat(Cli.run("parity", folder.resolve("ter.jsonl").toString()).err())
                .contains("cannot read");
        assertThat(Cli.run("parity").code()).isEqualTo(2);
    }
}
