package dev.llmmem.formats.quantization;

import dev.llmmem.units.text.BoundedPattern;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The modules that a configuration leaves alone.
 *
 * <p>Plain names of transformers stand for themselves and for every run of whole parts of a name; other texts are
 * regular expressions from the first character on. Names of compressed-tensors are whole, or expressions after
 * {@code re:}. Names of ModelOpt are whole, or have stars. Names of AutoAWQ are any part of a name.
 */
final class LeftAlone {

    /** As the library that wrote the list reads it. */
    enum Rule {
        TRANSFORMERS,
        COMPRESSED_TENSORS,
        MODEL_OPT,
        SUBSTRING
    }

    private static final int MOST_STEPS = 1 << 28;
    private static final int MOST_EXPRESSIONS = 1 << 18;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]*");

    private final Rule rule;
    private final Set<String> plain = new HashSet<>();
    private final Set<String> starts = new HashSet<>();
    private final List<BoundedPattern> expressions = new ArrayList<>();

    LeftAlone(Rule rule, List<String> texts) {
        this.rule = rule;
        long length = 0;
        for (String text : texts) {
            boolean starred =
                    rule == Rule.MODEL_OPT && text.endsWith("*") && isPlain(text.substring(0, text.length() - 1));
            if (starred) {
                starts.add(text.substring(0, text.length() - 1));
            } else if (rule == Rule.SUBSTRING || isPlain(text)) {
                plain.add(text);
            } else if (rule != Rule.COMPRESSED_TENSORS || text.startsWith("re:")) {
                length += text.length();
                if (length > MOST_EXPRESSIONS) {
                    throw new IllegalArgumentException("patterns of modules have more than " + MOST_EXPRESSIONS
                            + " characters, permitted [0, " + MOST_EXPRESSIONS + "] characters");
                }
                expressions.add(BoundedPattern.compile("pattern of modules", expression(text)));
            }
        }
    }

    private String expression(String text) {
        return switch (rule) {
            case COMPRESSED_TENSORS -> text.substring(3);
            case MODEL_OPT -> "\\Q" + text.replace("\\E", "\\E\\\\E\\Q").replace("*", "\\E.*\\Q") + "\\E$";
            default -> text;
        };
    }

    private static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches();
    }

    static StepBudget budget() {
        return new StepBudget(MOST_STEPS);
    }

    /** Whether a module is left alone. */
    boolean has(String module, StepBudget budget) {
        if (plain.contains(module) || expressions.stream().anyMatch(e -> e.matchesStart(module, budget))) {
            return true;
        }
        return switch (rule) {
            case TRANSFORMERS -> hasRun(module);
            case MODEL_OPT -> hasStart(module);
            case SUBSTRING -> hasSubstring(module, budget);
            case COMPRESSED_TENSORS -> false;
        };
    }

    private boolean hasRun(String module) {
        for (int begin = 0; begin >= 0; begin = next(module, begin)) {
            for (int end = module.indexOf('.', begin); end >= 0; end = module.indexOf('.', end + 1)) {
                if (plain.contains(module.substring(begin, end))) {
                    return true;
                }
            }
            if (plain.contains(module.substring(begin))) {
                return true;
            }
        }
        return false;
    }

    private static int next(String module, int begin) {
        int dot = module.indexOf('.', begin);
        return dot < 0 ? -1 : dot + 1;
    }

    private boolean hasStart(String module) {
        if (starts.isEmpty()) {
            return false;
        }
        for (int end = 0; end <= module.length(); end++) {
            if (starts.contains(module.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private boolean hasSubstring(String module, StepBudget budget) {
        if (!budget.take(plain.size())) {
            throw new IllegalArgumentException(
                    "names of modules are " + plain.size() + ", but must be matched within " + MOST_STEPS + " steps");
        }
        return plain.stream().anyMatch(module::contains);
    }
}
