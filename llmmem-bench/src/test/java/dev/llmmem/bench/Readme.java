package dev.llmmem.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fenced blocks of the README.
 *
 * @param blocks the blocks in order
 */
record Readme(List<Block> blocks) {

    private static final String FENCE = "```";

    /**
     * A fenced block.
     *
     * @param language the word after the fence
     * @param text the lines between the fences, each ended by a line feed
     */
    record Block(String language, String text) {}

    /**
     * A block, and what the block after it says it prints.
     *
     * @param source the block
     * @param printed the following block, if its language is {@code text}
     */
    record Sample(Block source, Optional<String> printed) {}

    /** The folder of the whole project: the nearest above with a README. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("README.md"))) {
            folder = Optional.ofNullable(folder.getParent())
                    .orElseThrow(() -> new IllegalStateException("no README.md here or above"));
        }
        return folder;
    }

    static String text() throws IOException {
        return Files.readString(root().resolve("README.md"));
    }

    static Readme read() throws IOException {
        List<Block> blocks = new ArrayList<>();
        String language = null;
        StringBuilder text = new StringBuilder();
        for (String line : text().lines().toList()) {
            if (!line.startsWith(FENCE)) {
                text.append(line).append('\n');
            } else if (language == null) {
                language = line.substring(FENCE.length());
                text.setLength(0);
            } else {
                blocks.add(new Block(language, text.toString()));
                language = null;
            }
        }
        return new Readme(blocks);
    }

    /** The blocks of a language. */
    List<Sample> samples(String language) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).language().equals(language)) {
                Optional<String> printed =
                        i + 1 < blocks.size() && blocks.get(i + 1).language().equals("text")
                                ? Optional.of(blocks.get(i + 1).text())
                                : Optional.empty();
                samples.add(new Sample(blocks.get(i), printed));
            }
        }
        return samples;
    }
}
