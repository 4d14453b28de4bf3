package dev.llmmem.memory;

import java.util.ArrayList;
import java.util.List;

/** Text for SVG, which has neither line breaks nor known widths. */
final class SvgText {

    private SvgText() {}

    /** Text as XML in ASCII. What XML cannot hold becomes the replacement character. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    if (character >= ' ' && character <= '~') {
                        escaped.append((char) character);
                    } else {
                        escaped.append("&#")
                                .append(permitted(character) ? character : 0xFFFD)
                                .append(';');
                    }
                }
            }
        });
        return escaped.toString();
    }

    private static boolean permitted(int character) {
        return character == '\t'
                || character == '\n'
                || (character >= 0x20 && character < 0xD800)
                || (character > 0xDFFF && character < 0xFFFE)
                || character > 0xFFFF;
    }

    /** About how wide text is, rather too wide: letters are 0.6 of the height of the font, ideographs all of it. */
    static double width(String text, double size) {
        return text.codePoints()
                        .mapToDouble(character -> character < 0x1100 ? 0.6 : 1.05)
                        .sum()
                * size;
    }

    /** Breaks text at its spaces into lines that are about so wide; what is too much for all of them is left out. */
    static List<String> lines(String text, double size, double width, int most) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : text.split(" ", -1)) {
            String longer = line.isEmpty() ? word : line + " " + word;
            if (width(longer, size) <= width) {
                line = longer;
                continue;
            }
            if (!line.isEmpty()) {
                if (lines.size() == most - 1) {
                    lines.add(cut(longer, size, width));
                    return lines;
                }
                lines.add(line);
            }
            line = width(word, size) <= width ? word : cut(word, size, width);
        }
        lines.add(line);
        return lines;
    }

    private static String cut(String text, double size, double width) {
        int end = text.length();
        while (end > 0 && width(text.substring(0, end) + "...", size) > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end).stripTrailing() + "...";
    }
}
