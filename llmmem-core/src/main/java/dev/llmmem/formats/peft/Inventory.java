package dev.llmmem.formats.peft;

import dev.llmmem.formats.AdapterTensor;
import dev.llmmem.model.Parameter;
import dev.llmmem.units.text.StepBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the tensors of an adapter module by module. */
final class Inventory {

    static final String PREFIX = "base_model.model.";

    private record Key(
            String name, String target, List<Long> shape, boolean trained, boolean stored, boolean widened) {}

    private final Map<Key, List<Integer>> layers = new LinkedHashMap<>();
    private final StepBudget steps;

    Inventory(StepBudget steps) {
        this.steps = steps;
    }

    /** What is left for patterns to take. */
    StepBudget steps() {
        return steps;
    }

    /** A tensor that is trained, stored, and kept in fp32. */
    void add(BaseModule module, String name, long... shape) {
        add(module, name, true, shape);
    }

    /** The same, or one that is stored only. */
    void add(BaseModule module, String name, boolean trained, long... shape) {
        put(module, new Key(PREFIX + module.folded() + "." + name, module.folded(), list(shape), trained, true, true));
    }

    /** A tensor that is stored in its own format and not trained. */
    void store(BaseModule module, String name, long... shape) {
        put(module, new Key(PREFIX + module.folded() + "." + name, module.folded(), list(shape), false, true, false));
    }

    /** A parameter of the adapted module itself, stored and not trained. */
    void storeBase(BaseModule module, Parameter parameter) {
        String name = PREFIX + module.folded() + ".base_layer" + BaseModule.ending(parameter);
        put(module, new Key(name, module.folded(), parameter.shape(), false, true, false));
    }

    /** A tensor in the format of the weights that it stands beside. */
    void addUnwidened(BaseModule module, String name, List<Long> shape) {
        put(module, new Key(PREFIX + module.folded() + "." + name, module.folded(), shape, true, true, false));
    }

    /** A tensor of the whole adapter. */
    void addShared(String name, boolean trained, boolean stored, boolean widened, long... shape) {
        layers.put(new Key(name, "", list(shape), trained, stored, widened), List.of());
    }

    /** A tensor of the whole adapter that is trained, but not stored under this name. */
    void addTrained(String name, long... shape) {
        addShared(name, true, false, true, shape);
    }

    List<AdapterTensor> tensors() {
        List<AdapterTensor> tensors = new ArrayList<>();
        layers.forEach((key, where) -> tensors.add(new AdapterTensor(
                key.name(),
                key.target(),
                key.shape(),
                List.copyOf(where),
                key.trained(),
                key.stored(),
                key.widened())));
        return List.copyOf(tensors);
    }

    private void put(BaseModule module, Key key) {
        List<Integer> where = layers.computeIfAbsent(key, any -> new ArrayList<>());
        if (module.layer() >= 0) {
            where.add(module.layer());
        }
    }

    private static List<Long> list(long... shape) {
        return Arrays.stream(shape).boxed().toList();
    }
}
