package dev.llmmem.model.architecture;

import com.google.common.collect.ImmutableList;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Tower;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A tower in the making: its tensors in the order of its modules. Immutable: each method gives a longer one.
 *
 * @param list the tensors
 */
record Parts(List<Tower.Part> list) {

    Parts() {
        this(List.of());
    }

    /** More tensors, each of which is there once. */
    Parts with(Tensors tensors) {
        return with(tensors, 1);
    }

    /** The tensors of one of several equal layers. */
    Parts with(Tensors tensors, int layers) {
        if (layers == 0) {
            return this;
        }
        ImmutableList.Builder<Tower.Part> longer =
                ImmutableList.<Tower.Part>builder().addAll(list);
        tensors.list().forEach(parameter -> longer.add(new Tower.Part(parameter, layers)));
        return new Parts(longer.build());
    }

    /** What reads images. */
    Tower vision() {
        return new Tower("vision", list);
    }

    static Tower renamed(Tower tower, UnaryOperator<String> name) {
        return new Tower(
                tower.name(),
                tower.parts().stream()
                        .map(part -> new Tower.Part(renamed(part.parameter(), name), part.count()))
                        .toList());
    }

    private static Parameter renamed(Parameter parameter, UnaryOperator<String> name) {
        return new Parameter(name.apply(parameter.name()), parameter.shape(), parameter.kind());
    }
}
