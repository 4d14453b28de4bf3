package dev.llmmem.formats.peft;

import org.jspecify.annotations.Nullable;

/** How many characters the patterns of one file may look at, in all their matches together. Not thread-safe. */
final class Steps {

    private static final int MOST = 50_000_000;

    private int taken;

    /** A text that counts each look at a character. */
    CharSequence count(String text) {
        return new Counted(text);
    }

    private final class Counted implements CharSequence {
        private final String text;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++taken > MOST) {
                throw new IllegalArgumentException(
                        "the patterns take too long on this model, permitted " + MOST + " steps in all");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
