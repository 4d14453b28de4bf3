package dev.llmmem.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.NoSuchElementException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NamesProperties {

    @Provide
    Arbitrary<Accelerator> accelerators() {
        return Arbitraries.of(Accelerators.all());
    }

    @Property
    void spellingDoesNotMatter(@ForAll("accelerators") Accelerator accelerator) {
        for (String name : accelerator.aliases()) {
            assertThat(Accelerators.get(name.toUpperCase(Locale.ROOT))).isSameAs(accelerator);
            assertThat(Accelerators.get(name.toLowerCase(Locale.ROOT).replace(' ', '-')))
                    .isSameAs(accelerator);
            assertThat(Accelerators.get("  " + name.replace("-", "").replace(" ", "") + "\t"))
                    .isSameAs(accelerator);
        }
    }

    @Property
    void anyTextIsAnsweredOrRefusedWithSuggestions(@ForAll String name) {
        if (Accelerators.find(name).isEmpty()) {
            assertThatThrownBy(() -> Accelerators.get(name))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageStartingWith("name = \"");
        }
    }
}
