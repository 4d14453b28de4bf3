package dev.llmmem.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The XML that this library writes: ASCII, elements and attributes, no comments, no instructions. */
final class TestXml {

    private static final Pattern TAG = Pattern.compile("<(/?)([a-z]+)((?: [a-zA-Z0-9-]+=\"[^\"<]*\")*)(/?)>|<");
    private static final Pattern REFERENCE = Pattern.compile("&(?:amp|lt|gt|quot|#[0-9]+);|&");

    private TestXml() {}

    static void assertWellFormed(String text) {
        assertThat(text.chars()).allMatch(character -> character == '\n' || (character >= ' ' && character <= '~'));
        Deque<String> open = new ArrayDeque<>();
        int end = 0;
        for (Matcher tag = TAG.matcher(text); tag.find(); end = tag.end()) {
            assertThat(tag.group()).as("at %s", tag.start()).isNotEqualTo("<");
            assertThat(text.substring(end, tag.start())).doesNotContain(">");
            if (!tag.group(1).isEmpty()) {
                assertThat(tag.group(2)).isEqualTo(open.pop());
            } else if (tag.group(4).isEmpty()) {
                assertThat(end == 0 || !open.isEmpty()).as("one root").isTrue();
                open.push(tag.group(2));
            }
        }
        assertThat(open).isEmpty();
        assertThat(text.substring(end)).isEqualTo("\n");
        for (Matcher reference = REFERENCE.matcher(text); reference.find(); ) {
            assertThat(reference.group()).as("at %s", reference.start()).isNotEqualTo("&");
        }
    }
}
