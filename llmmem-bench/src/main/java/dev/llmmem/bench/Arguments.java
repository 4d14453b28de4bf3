package dev.llmmem.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The arguments of a command: flags, options with a value ({@code --batch 4} or {@code --batch=4}), and the rest. Each
 * option may occur once; what follows {@code --} is no option.
 *
 * @param positional what is neither flag nor option, in order
 * @param flags the flags that are there
 * @param options the values of the options that are there
 */
record Arguments(List<String> positional, Set<String> flags, Map<String, String> options) {

    Arguments {
        positional = List.copyOf(positional);
        flags = Set.copyOf(flags);
        options = Map.copyOf(options);
    }

    /**
     * Sorts arguments.
     *
     * @throws CommandException if an option is not known, lacks its value or occurs twice
     */
    static Arguments parse(List<String> args, Set<String> flags, Set<String> options) {
        List<String> positional = new ArrayList<>();
        Set<String> set = new HashSet<>();
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                positional.addAll(args.subList(i + 1, args.size()));
                break;
            }
            if (!arg.startsWith("-")) {
                positional.add(arg);
                continue;
            }
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            boolean first;
            if (flags.contains(arg)) {
                first = set.add(arg);
            } else if (options.contains(name)) {
                if (equals < 0 && i + 1 == args.size()) {
                    throw CommandException.usage(name + " needs a value");
                }
                first = values.put(name, equals < 0 ? args.get(++i) : arg.substring(equals + 1)) == null;
            } else {
                Set<String> known = new TreeSet<>(flags);
                known.addAll(options);
                throw CommandException.usage("unknown option " + arg + ", known: " + String.join(", ", known));
            }
            if (!first) {
                throw CommandException.usage(name + " is given twice");
            }
        }
        return new Arguments(positional, set, values);
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option));
    }

    /**
     * The value of an option that counts something.
     *
     * @throws CommandException if the value is no whole number of at least 1
     */
    Optional<Integer> count(String option) {
        return value(option).map(text -> {
            if (!text.matches("0*[1-9][0-9]{0,8}")) {
                throw CommandException.usage(option + " = " + text + ", permitted a whole number from 1 to 999999999");
            }
            return Integer.valueOf(text);
        });
    }
}
