package dev.llmmem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.llmmem.units.DType;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelsTest {

    static Stream<CatalogEntry> entries() {
        return Catalog.bundled().entries().stream();
    }

    @ParameterizedTest
    @MethodSource("entries")
    void everyModelHasTheParametersOfItsLine(CatalogEntry entry) {
        ModelSpec model = Models.get(entry.id());

        assertThat(model.parameterCount()).isEqualTo(entry.parameters());
        assertThat(model.name()).isEqualTo(entry.id());
        assertThat(entry.published()).matches("-|[0-9]+");
        assertThat(entry.source()).isNotBlank();
        assertThat(entry.aliases())
                .allSatisfy(alias -> assertThat(Models.find(alias)).containsSame(model));
    }

    @Test
    void thereAreEnough() {
        List<String> ids = Models.ids();
        long ofTheFirstTypes = ids.stream()
                .map(Models::get)
                .filter(model -> List.of("llama", "mistral", "qwen2").contains(model.modelType()))
                .count();

        assertThat(ofTheFirstTypes).isGreaterThanOrEqualTo(25);
        assertThat(ids).hasSizeGreaterThanOrEqualTo(310).doesNotHaveDuplicates();
        assertThat(ids).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
    }

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama-3.1-8B, 8030261248",
        "meta-llama/Llama-3.2-1B, 1235814400",
        "meta-llama/Llama-3.2-3B, 3212749824",
        "meta-llama/Llama-2-7b-hf, 6738415616",
        "meta-llama/Llama-2-13b-hf, 13015864320",
        "meta-llama/Llama-2-70b-hf, 68976648192",
        "meta-llama/Meta-Llama-3-70B, 70553706496",
        "mistralai/Mistral-7B-v0.1, 7241732096",
        "Qwen/Qwen2.5-0.5B, 494032768",
        "Qwen/Qwen2.5-7B, 7615616512",
        "Qwen/Qwen2.5-72B, 72706203648",
        "openai-community/gpt2, 124439808"
    })
    void wellKnownCounts(String id, long parameters) {
        assertThat(Models.get(id).parameterCount()).isEqualTo(parameters);
    }

    @ParameterizedTest
    @CsvSource({
        "META-LLAMA/LLAMA-3.1-8B, meta-llama/Llama-3.1-8B",
        "' llama-3.1-8b ', meta-llama/Llama-3.1-8B",
        "meta-llama/Meta-Llama-3.1-8B, meta-llama/Llama-3.1-8B",
        "mistral-7b, mistralai/Mistral-7B-v0.1",
        "llama-2-7b, meta-llama/Llama-2-7b-hf",
        "gpt2, openai-community/gpt2",
        "qwen2.5-7b, Qwen/Qwen2.5-7B"
    })
    void otherNames(String name, String id) {
        assertThat(Models.get(name)).isSameAs(Models.get(id));
        assertThat(Models.get(name).name()).isEqualTo(id);
    }

    @Test
    void lookUpIsTheSameInEveryLocale() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThat(Models.find("MISTRALAI/MISTRAL-7B-V0.1")).isPresent();
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void unknownNamesAreAnsweredWithTheNearest() {
        assertThat(Models.find("meta-llama/Llama-3.1-8")).isEmpty();
        assertThatThrownBy(() -> Models.get("meta-llama/Llama-3.1-8"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("id = \"meta-llama/Llama-3.1-8\" is not bundled, nearest are meta-llama/Llama-3.1-8B,"
                        + " meta-llama/Llama-3.1-70B, meta-llama/Llama-3.2-1B");
        assertThatThrownBy(() -> Models.get("gpt-neoy"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nearest are EleutherAI/gpt-neox-20b");
        assertThatThrownBy(() -> Models.get("Llama 3.1"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nearest are meta-llama/Llama-3.1-");
        assertThatThrownBy(() -> Models.get("x".repeat(1_000_000)))
                .isInstanceOf(NoSuchElementException.class)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
        assertThatThrownBy(() -> Models.get("")).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsRefused() {
        assertThatNullPointerException().isThrownBy(() -> Models.find(null)).withMessage("id");
    }

    @Test
    void factsBesidesTheCount() {
        ModelSpec mistral = Models.get("mistralai/Mistral-7B-v0.1");
        assertThat(mistral.layers())
                .allSatisfy(layer -> assertThat(layer.attention().window()).hasValue(4096));
        assertThat(mistral.storedType()).contains(DType.BF16);
        assertThat(mistral.maxPositions()).isEqualTo(32_768);

        ModelSpec gpt2 = Models.get("gpt2");
        assertThat(gpt2.dropout()).isEqualTo(new Dropout(0.1, 0.1, 0.1));
        assertThat(gpt2.layers().get(0).feedForward())
                .isEqualTo(new FeedForward.Dense(3072, false, Activation.GELU_NEW));

        ModelSpec gemma = Models.get("google/gemma-3-27b-it");
        assertThat(gemma.layers().stream()
                        .filter(layer -> layer.attention().window().isEmpty()))
                .hasSize(10);

        assertThat(Models.get("EleutherAI/gpt-neox-20b")
                        .layers()
                        .get(0)
                        .feedForward()
                        .activation())
                .isEqualTo(Activation.GELU_FAST);
    }

    @Test
    void equalLayersAreOneObject() {
        assertThat(Models.get("llama-3.1-8b").layers().stream()
                        .map(System::identityHashCode)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void isSearchedByNameFamilyAndSize() {
        assertThat(Models.search("LLAMA \t70b"))
                .contains("meta-llama/Llama-3.1-70B")
                .allMatch(id -> id.contains("70"));
        assertThat(Models.search(" ")).isEqualTo(Models.ids());
        assertThat(Models.search("no such model")).isEmpty();
        assertThat(Models.ofType("mixtral"))
                .contains("mistralai/Mixtral-8x7B-v0.1")
                .allMatch(id -> Models.get(id).modelType().equals("mixtral"));
        assertThat(Models.ofType("falcon")).contains("tiiuae/falcon-40b"); // whose own file says RefinedWeb
        assertThat(Models.ofType("llama2")).isEmpty();
        assertThat(Models.ofSize(8_030_261_248L, 8_030_261_248L)).contains("meta-llama/Llama-3.1-8B");
        assertThat(Models.ofSize(0, Long.MAX_VALUE)).containsExactlyInAnyOrderElementsOf(Models.ids());
        List<Long> sizes = Models.ofSize(1_000_000_000, 3_000_000_000L).stream()
                .map(id -> Models.get(id).parameterCount())
                .toList();
        assertThat(sizes).isSorted().isNotEmpty().allMatch(size -> size >= 1e9 && size <= 3e9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Models.ofSize(2, 1))
                .withMessage("least is 2 and most 1, but they must be 0 or more and in order");
    }
}
