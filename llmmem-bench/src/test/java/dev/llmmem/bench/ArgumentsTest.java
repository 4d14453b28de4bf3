package dev.llmmem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void sortsFlagsOptionsAndTheRest() {
        Arguments arguments = parse("a", "--json", "--configs", "there", "b", "--batch=4", "--", "--json", "-x");
        assertThat(arguments.positional()).containsExactly("a", "b", "--json", "-x");
        assertThat(arguments.has("--json")).isTrue();
        assertThat(arguments.has("--rows")).isFalse();
        assertThat(arguments.value("--configs")).contains("there");
        assertThat(arguments.count("--batch")).contains(4);
    }

    @Test
    void leavesOutWhatIsNotThere() {
        Arguments arguments = parse();
        assertThat(arguments.positional()).isEmpty();
        assertThat(arguments.value("--configs")).isEmpty();
        assertThat(arguments.count("--batch")).isEmpty();
    }

    @Test
    void takesAValueThatLooksLikeAnOption() {
        assertThat(parse("--configs", "--json").value("--configs")).contains("--json");
        assertThat(parse("--configs=a=b").value("--configs")).contains("a=b");
    }

    @Test
    void refusesAnUnknownOption() {
        refuses("unknown option --jsonn, known: --batch, --configs, --json, --rows", "--jsonn");
        refuses("unknown option --json=yes, known: --batch, --configs, --json, --rows", "--json=yes");
    }

    @Test
    void refusesAnOptionWithoutValue() {
        refuses("--configs needs a value", "a", "--configs");
    }

    @Test
    void refusesTheSameOptionTwice() {
        refuses("--json is given twice", "--json", "--json");
        refuses("--batch is given twice", "--batch=1", "--batch", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "000", "-1", "1.5", "1e3", "", " 1", "1000000000", "four", "\u0664"})
    void refusesWhatIsNoCount(String text) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> parse("--batch", text).count("--batch"))
                .withMessage("--batch = " + text + ", permitted a whole number from 1 to 999999999")
                .matches(CommandException::wrongUsage);
    }

    private static void refuses(String message, String... args) {
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> parse(args))
                .withMessage(message)
                .matches(CommandException::wrongUsage);
    }

    private static Arguments parse(String... args) {
        return Arguments.parse(List.of(args), Set.of("--json", "--rows"), Set.of("--configs", "--batch"));
    }
}
