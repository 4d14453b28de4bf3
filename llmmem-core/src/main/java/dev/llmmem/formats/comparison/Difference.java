package dev.llmmem.formats.comparison;

import dev.llmmem.formats.StoredType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A way in which tensors of a checkpoint differ from those that the configuration says. Tensors whose names differ in numbers alone,
 * such as those of all layers, are one difference.
 *
 * <p>New kinds may come in minor versions, so keep a {@code default} branch in switches. All kinds are immutable.
 */
public sealed interface Difference {

    /**
     * The names of the tensors, folded: <code>{i}</code> for the first number, <code>{e}</code> for further ones.
     *
     * @return for example <code>model.layers.{i}.mlp.gate.weight</code>, at most some 200 characters
     */
    String name();

    /**
     * The first of the names.
     *
     * @return a whole name, or its start where it has more than some 200 characters
     */
    String example();

    /**
     * The number of tensors.
     *
     * @return at least 1
     */
    long tensors();

    /**
     * Why it is so, where that is known.
     *
     * @return the cause, or empty if the difference is unexplained
     */
    Optional<Explanation> explanation();

    /**
     * Tensors that the configuration says and no file holds.
     *
     * @param name the folded name
     * @param example the first name
     * @param tensors how many there are
     * @param expected the shape of each
     */
    record Missing(String name, String example, long tensors, List<Long> expected) implements Difference {
        /**
         * Copies the shape.
         *
         * @param name the folded name
         * @param example the first name
         * @param tensors how many there are
         * @param expected the shape of each
         */
        public Missing {
            Objects.requireNonNull(name, "name");
            expected = List.copyOf(expected);
        }

        @Override
        public Optional<Explanation> explanation() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "missing: " + Texts.several(this) + " " + expected;
        }
    }

    /**
     * Tensors that a file holds and the configuration does not say.
     *
     * @param name the folded name
     * @param example the first name
     * @param tensors how many there are
     * @param stored the shape of each
     * @param type the format of each
     * @param elements the elements of all
     * @param explanation why they are there, where that is known
     */
    record Unexpected(
            String name,
            String example,
            long tensors,
            List<Long> stored,
            StoredType type,
            long elements,
            Optional<Explanation> explanation)
            implements Difference {
        /**
         * Copies the shape.
         *
         * @param name the folded name
         * @param example the first name
         * @param tensors how many there are
         * @param stored the shape of each
         * @param type the format of each
         * @param elements the elements of all
         * @param explanation why they are there
         */
        public Unexpected {
            Objects.requireNonNull(name, "name");
            stored = List.copyOf(stored);
        }

        @Override
        public String toString() {
            return "unexpected: " + Texts.several(this) + " " + type.name() + " " + Texts.shape(stored) + ", "
                    + explanation.map(Explanation::text).orElse("unexplained");
        }
    }

    /**
     * Tensors of another shape than the configuration says.
     *
     * @param name the folded name
     * @param example the first name
     * @param tensors how many there are
     * @param expected the shape that the configuration says
     * @param stored the shape that the files have
     */
    record WrongShape(String name, String example, long tensors, List<Long> expected, List<Long> stored)
            implements Difference {
        /**
         * Copies the shapes.
         *
         * @param name the folded name
         * @param example the first name
         * @param tensors how many there are
         * @param expected the shape that the configuration says
         * @param stored the shape that the files have
         */
        public WrongShape {
            Objects.requireNonNull(name, "name");
            expected = List.copyOf(expected);
            stored = List.copyOf(stored);
        }

        @Override
        public Optional<Explanation> explanation() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "wrong shape: " + Texts.several(this) + " is " + Texts.shape(stored) + ", the configuration says "
                    + Texts.shape(expected);
        }
    }

    /**
     * Tensors of another format than the configuration says.
     *
     * @param name the folded name
     * @param example the first name
     * @param tensors how many there are
     * @param expected the format that the configuration says
     * @param stored the format that the files have
     */
    record WrongType(String name, String example, long tensors, StoredType expected, StoredType stored)
            implements Difference {
        /**
         * Checks that nothing is absent.
         *
         * @param name the folded name
         * @param example the first name
         * @param tensors how many there are
         * @param expected the format that the configuration says
         * @param stored the format that the files have
         */
        public WrongType {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(expected, "expected");
            Objects.requireNonNull(stored, "stored");
        }

        @Override
        public Optional<Explanation> explanation() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "wrong type: " + Texts.several(this) + " is " + stored.name() + ", the configuration says "
                    + expected.name();
        }
    }
}
