package dev.llmmem.formats;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the files of a checkpoint hold what its index says, no less and no more. */
final class IndexCheck {

    private static final int MOST_SHOWN = 10;

    private final CheckpointIndex index;
    private final Map<String, CheckpointFile> files;
    private final List<String> first = new ArrayList<>();
    private int violations;

    IndexCheck(CheckpointIndex index, Map<String, CheckpointFile> files) {
        this.index = index;
        this.files = files;
    }

    void run(String source) {
        Map<String, String> holders = new HashMap<>();
        files.forEach((file, content) -> content.tensors()
                .forEach(tensor -> held(tensor.name(), file, holders.putIfAbsent(tensor.name(), file))));
        index.files().forEach((name, file) -> {
            CheckpointFile content = files.get(file);
            if (content == null || content.find(name).isEmpty()) {
                violation(name, "is not in " + Shown.name(file) + ", where the index has it");
            }
        });
        if (violations > 0) {
            String more = violations > MOST_SHOWN ? "; and " + (violations - MOST_SHOWN) + " more" : "";
            throw new MalformedInputException(source + ": " + String.join("; ", first) + more
                    + "; permitted each tensor in the one file that the index names");
        }
    }

    private void held(String name, String file, @Nullable String other) {
        if (other != null) {
            violation(name, "is in " + Shown.name(other) + " and in " + Shown.name(file));
        } else if (!index.files().containsKey(name)) {
            violation(name, "of " + Shown.name(file) + " is not in the index");
        }
    }

    private void violation(String name, String what) {
        violations++;
        if (first.size() < MOST_SHOWN) {
            first.add("tensor " + Shown.name(name) + " " + what);
        }
    }
}
