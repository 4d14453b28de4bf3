package dev.llmmem.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.llmmem.model.ModelSpec;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Parameter.Kind;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {

    private static List<String> matched(ModelSpec model, Targets targets) {
        return model.inventory().keySet().stream()
                .filter(Parameter::isLinear)
                .filter(weight -> targets.match(model, weight))
                .map(Parameter::module)
                .toList();
    }

    private static Targets named(String... names) {
        return new Targets.Named(List.of(names));
    }

    @Test
    void takesTheDefaultOfTheModelType() {
        assertThat(matched(TestModels.llama(), new Targets.Default()))
                .containsExactly("model.layers.{i}.self_attn.q_proj", "model.layers.{i}.self_attn.v_proj");
        assertThat(matched(TestModels.gpt2(), new Targets.Default())).containsExactly("transformer.h.{i}.attn.c_attn");
        assertThat(Targets.Default.of(TestModels.llama())).isEqualTo(named("q_proj", "v_proj"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> matched(TestModels.deepseek(), new Targets.Default()))
                .withMessage(
                        "targets is PEFT's default, but PEFT has none for model type deepseek_v3; name the modules, or use"
                                + " all linear layers");
    }

    @Test
    void matchesNamesAfterADotOnly() {
        assertThat(matched(TestModels.llama(), named("self_attn.o_proj", "_proj", "proj", "lm_head")))
                .containsExactly("lm_head", "model.layers.{i}.self_attn.o_proj");
        assertThat(matched(TestModels.gpt2(), named("c_proj")))
                .containsExactly("transformer.h.{i}.attn.c_proj", "transformer.h.{i}.mlp.c_proj");
    }

    @Test
    void matchesPatternsAgainstTheWholeName() {
        assertThat(matched(TestModels.llama(), new Targets.Matching("q_proj"))).isEmpty();
        assertThat(matched(TestModels.llama(), new Targets.Matching("model\\.layers\\.\\d+\\..*\\.(q|k)_proj")))
                .containsExactly("model.layers.{i}.self_attn.q_proj", "model.layers.{i}.self_attn.k_proj");
    }

    @Test
    void triesTheFirstLayerThatHasTheModule() {
        ModelSpec deep = TestModels.deepseek();
        Parameter gate = TestModels.parameter("model.layers.{i}.mlp.gate.weight", Kind.OTHER, 8, 64);
        Parameter query = TestModels.parameter("model.layers.{i}.self_attn.q_a_proj.weight", Kind.LINEAR, 24, 64);
        assertThat(named("layers.1.mlp.gate").match(deep, gate)).isTrue();
        assertThat(named("layers.0.mlp.gate").match(deep, gate)).isFalse();
        assertThat(new Targets.Matching(".*\\.0\\..*").match(deep, query)).isTrue();
        Parameter foreign = TestModels.parameter("h.{i}.other.weight", Kind.LINEAR, 8, 8);
        assertThat(named("h.0.other").match(deep, foreign)).isTrue();
    }

    @Test
    void takesAllLinearLayersButTheHead() {
        assertThat(matched(TestModels.llama(), new Targets.AllLinear()))
                .hasSize(7)
                .doesNotContain("lm_head")
                .allMatch(module -> module.startsWith("model.layers.{i}."));
        assertThat(matched(TestModels.gpt2(), new Targets.AllLinear())).hasSize(4);
        Parameter projection = TestModels.parameter("model.decoder.project_in.weight", Kind.LINEAR, 8, 4);
        assertThat(new Targets.AllLinear().match(TestModels.llama(), projection))
                .isTrue();
        Parameter embedding = TestModels.llama().outerParameters().get(0);
        assertThat(new Targets.AllLinear().match(TestModels.llama(), embedding)).isFalse();
    }

    @Test
    void refusesWhatIsNoTarget() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Targets.Named(List.of()))
                .withMessage("targets has 0 names, but must have 1 to 10000 names");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Targets.Named(Collections.nCopies(10_001, "q_proj")))
                .withMessage("targets has 10001 names, but must have 1 to 10000 names");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Targets.Matching("(q"))
                .withMessage("target pattern is \"(q\", but must be a regular expression: Unclosed group");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Targets.Matching("a\n".repeat(3000)))
                .withMessage("target pattern is \"" + "a ".repeat(30) + "...\", but must have at most 4096 characters");
    }

    @Test
    void givesUpOnPatternsThatBacktrackWithoutEnd() {
        Targets endless = new Targets.Matching("((.*)*)*x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> matched(TestModels.llama(), endless))
                .withMessage("target pattern is \"((.*)*)*x\", but must match within 1000000 steps");
    }

    @Test
    void doesNotListMoreLayersThanAMessageBears() {
        ModelSpec many = TestModels.llama().toBuilder()
                .outerParameters(Collections.nCopies(1, TestModels.parameter("a.b", Kind.OTHER)))
                .build();
        assertThat(TargetCheck.violations(many, named("x".repeat(500))))
                .singleElement()
                .asString()
                .startsWith("targets is " + "x".repeat(200) + "..., but must match");
    }
}
