package dev.llmmem.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.llmmem.formats.TestData.Recorded;
import dev.llmmem.formats.TestData.Variant;
import dev.llmmem.model.Attention;
import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Tower;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded configuration against what transformers 5.18 built from it, and against what was published. */
class HuggingFaceInventoryTest {

    private static final List<Recorded> RECORDED = TestData.recorded();

    static Stream<Recorded> recorded() {
        return RECORDED.stream();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void inventoryIsThatOfTransformers(Recorded recorded) {
        ModelSpec model = HuggingFace.read(recorded.config());

        assertThat(TestData.inventory(model)).isEqualTo(recorded.parameters());
        assertThat(model.parameterCount()).isEqualTo(recorded.total());
        assertThat(model.tiedHead()).isEqualTo(recorded.tied());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void orderIsThatOfTheModules(Recorded recorded) {
        ModelSpec model = HuggingFace.read(recorded.config());

        List<String> names = List.copyOf(recorded.parameters().keySet());
        Set<String> inside = new HashSet<>();
        model.layers().forEach(layer -> layer.parameters().forEach(parameter -> inside.add(parameter.name())));
        for (Tower tower : model.towers()) {
            List<String> own =
                    tower.parts().stream().map(part -> part.parameter().name()).toList();
            assertThat(own)
                    .containsExactlyElementsOf(
                            names.stream().filter(own::contains).toList());
            inside.addAll(own);
        }
        assertThat(model.outerParameters())
                .extracting(Parameter::name)
                .containsExactlyElementsOf(names.stream()
                        .filter(name -> !inside.contains(name.split(" ", 2)[0])) // without its shape
                        .toList());
        List<String> first =
                model.layers().get(0).parameters().stream().map(Parameter::name).toList();
        assertThat(first)
                .containsExactlyElementsOf(
                        names.stream().filter(first::contains).toList());
    }

    @Test
    void publishedCountsAreReachedOrTheDifferenceIsKnown() {
        Map<String, Recorded> byName = new HashMap<>();
        RECORDED.forEach(recorded -> byName.put(recorded.name(), recorded));
        int checked = 0;
        for (String line : TestData.published()) {
            String[] row = line.split(",", 7);
            Recorded recorded = byName.get(row[0]);
            if (recorded == null || row[6].startsWith("unexplained") || row[6].contains("not comparable")) {
                continue;
            }
            long published = Long.parseLong(row[2]);
            long difference = Long.parseLong(row[5]);
            assertThat(HuggingFace.read(recorded.config()).parameterCount())
                    .as(line)
                    .isEqualTo(published - difference);
            assertThat(difference == 0).as(line).isEqualTo(row[6].startsWith("exact"));
            checked++;
        }
        assertThat(checked).isGreaterThanOrEqualTo(120);
    }

    @Test
    void activeParametersAreThoseOfAnotherCount() {
        Map<String, Recorded> byName = new HashMap<>();
        RECORDED.forEach(recorded -> byName.put(recorded.name(), recorded));
        int checked = 0;
        for (String line : TestData.lines("active.csv")) {
            String[] row = line.split(",", 3);
            Recorded recorded = byName.get(row[0]);
            if (recorded != null) {
                assertThat(HuggingFace.read(recorded.config()).parameters().active())
                        .as(line)
                        .isEqualTo(Long.parseLong(row[2]));
                checked++;
            }
        }
        assertThat(checked).isGreaterThanOrEqualTo(20);
    }

    static Stream<Variant> variants() {
        return TestData.variants().stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void rareSwitchesDoWhatTransformersDoes(Variant variant) {
        ModelSpec model = HuggingFace.read(variant.config());

        assertThat(TestData.inventory(model)).as(variant.config()).isEqualTo(variant.parameters());
        assertThat(model.tiedHead()).isEqualTo(variant.tied());
        assertThat(model.layers()).hasSameSizeAs(variant.layers());
        for (int i = 0; i < model.layers().size(); i++) {
            Attention attention = model.layers().get(i).attention();
            OptionalInt window = attention.window();
            List<Object> actual = new ArrayList<>();
            actual.add(window.isPresent() ? (long) window.getAsInt() : null);
            actual.add(rotary(attention, variant.layers().get(i)));
            assertThat(actual)
                    .as("layer " + i + " of " + variant.config())
                    .isEqualTo(variant.layers().get(i));
        }
    }

    /** How much of a head is rotated; what is recorded where a layer has no heads that could be. */
    private static Object rotary(Attention attention, Object recorded) {
        if (attention instanceof Attention.Borrowed borrowed) {
            return (long) borrowed.grouped().rotarySize();
        }
        if (attention instanceof Attention.Grouped grouped) {
            return (long) grouped.rotarySize();
        }
        if (attention instanceof Attention.Uneven uneven) {
            return (long) uneven.rotarySize();
        }
        if (attention instanceof Attention.Compressed compressed) {
            return (long) compressed.rotarySize();
        }
        if (attention instanceof Attention.Indexed indexed) {
            return (long) indexed.latent().rotarySize();
        }
        if (attention instanceof Attention.Latent latent) {
            return (long) latent.rotarySize();
        }
        return attention instanceof Attention.Recurrent || attention instanceof Attention.Absent
                ? ((List<?>) recorded).get(1)
                : 0L;
    }

    @Test
    void everyTypeIsRecorded() {
        Set<String> types = new TreeSet<>();
        RECORDED.forEach(recorded -> types.add(recorded.type()));
        TestData.variants().forEach(variant -> types.add(variant.name().substring(4)));
        for (String line : TestData.counts()) {
            Map<?, ?> config = (Map<?, ?>) TestData.member(Json.object(line, "counts"), "config");
            types.add((String) TestData.member(config, "model_type"));
        }
        types.add("RefinedWebModel"); // another name of falcon

        assertThat(HuggingFace.modelTypes()).containsExactlyElementsOf(types);
    }
}
