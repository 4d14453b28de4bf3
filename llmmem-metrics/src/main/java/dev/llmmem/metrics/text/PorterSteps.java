package dev.llmmem.metrics.text;

/** The five steps of {@link PorterStemmer} on one word. In each list of endings the first that the word has decides. */
final class PorterSteps {

    private static final String[] STEP_2 = {
        "ational", "ate",
        "tional", "tion",
        "enci", "ence",
        "anci", "ance",
        "izer", "ize",
        "bli", "ble",
        "alli", "al",
        "entli", "ent",
        "eli", "e",
        "ousli", "ous",
        "ization", "ize",
        "ation", "ate",
        "ator", "ate",
        "alism", "al",
        "iveness", "ive",
        "fulness", "ful",
        "ousness", "ous",
        "aliti", "al",
        "iviti", "ive",
        "biliti", "ble",
        "fulli", "ful"
    };

    private static final String[] STEP_3 = {
        "icate", "ic",
        "ative", "",
        "alize", "al",
        "iciti", "ic",
        "ical", "ic",
        "ful", "",
        "ness", ""
    };

    private static final String[] STEP_4 = {
        "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
        "iti", "ous", "ive", "ize"
    };

    private final int[] points;
    private int length;

    PorterSteps(int[] points, int length) {
        this.points = points;
        this.length = length;
    }

    /** Strips the word and returns what length is left. */
    int stem() {
        plurals();
        participles();
        finalY();
        replaceMeasured(STEP_2);
        replaceMeasured(STEP_3);
        strip();
        finalE();
        if (ends("ll") && measure(length - 1) > 1) {
            length--;
        }
        return length;
    }

    /** Step 1a. */
    private void plurals() {
        if (ends("sses")) {
            length -= 2;
        } else if (ends("ies")) {
            length -= length == 4 ? 1 : 2;
        } else if (ends("s") && !ends("ss")) {
            length--;
        }
    }

    /** Step 1b. */
    private void participles() {
        if (ends("ied")) {
            length -= length == 4 ? 1 : 2;
        } else if (ends("eed")) {
            if (measure(length - 3) > 0) {
                length--;
            }
        } else if (ends("ed") && hasVowel(length - 2)) {
            length -= 2;
            mend();
        } else if (ends("ing") && hasVowel(length - 3)) {
            length -= 3;
            mend();
        }
    }

    /** What follows where -ed or -ing was taken off. */
    private void mend() {
        if (ends("at") || ends("bl") || ends("iz")) {
            points[length++] = 'e';
        } else if (length >= 2 && points[length - 1] == points[length - 2] && isConsonant(length - 1)) {
            int last = points[length - 1];
            if (last != 'l' && last != 's' && last != 'z') {
                length--;
            }
        } else if (measure(length) == 1 && isShort(length)) {
            points[length++] = 'e';
        }
    }

    /** Step 1c. */
    private void finalY() {
        if (length > 2 && points[length - 1] == 'y' && isConsonant(length - 2)) {
            points[length - 1] = 'i';
        }
    }

    /** Steps 2 and 3. */
    private void replaceMeasured(String[] rules) {
        if (rules == STEP_2) {
            if (ends("alli") && measure(length - 4) > 0) {
                length -= 2; // and the rest of the step sees the shorter word
            }
            if (ends("logi")) {
                // the l counts as part of the stem
                length -= measure(length - 3) > 0 ? 1 : 0;
                return;
            }
        }
        for (int i = 0; i < rules.length; i += 2) {
            String ending = rules[i];
            if (ends(ending)) {
                int stem = length - ending.length();
                if (measure(stem) > 0) {
                    write(rules[i + 1], stem);
                }
                return;
            }
        }
    }

    private void write(String replacement, int place) {
        for (int i = 0; i < replacement.length(); i++) {
            points[place + i] = replacement.charAt(i);
        }
        length = place + replacement.length();
    }

    private void strip() {
        for (String ending : STEP_4) {
            if (ends(ending)) {
                int stem = length - ending.length();
                boolean permitted =
                        !ending.equals("ion") || (stem > 0 && (points[stem - 1] == 's' || points[stem - 1] == 't'));
                if (permitted && measure(stem) > 1) {
                    length = stem;
                }
                return;
            }
        }
    }

    /** Step 5a. */
    private void finalE() {
        if (ends("e")) {
            int stem = length - 1;
            int measure = measure(stem);
            if (measure > 1 || (measure == 1 && !isShort(stem))) {
                length = stem;
            }
        }
    }

    private boolean ends(String ending) {
        int start = length - ending.length();
        if (start < 0) {
            return false;
        }
        for (int i = ending.length() - 1; i >= 0; i--) {
            if (points[start + i] != ending.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** How often a consonant follows a vowel among the first letters. */
    private int measure(int end) {
        int measure = 0;
        boolean afterVowel = false;
        for (int i = 0; i < end; i++) {
            boolean vowel = isVowel(i, afterVowel);
            if (afterVowel && !vowel) {
                measure++;
            }
            afterVowel = vowel;
        }
        return measure;
    }

    private boolean hasVowel(int end) {
        boolean vowel = false;
        for (int i = 0; i < end && !vowel; i++) {
            vowel = isVowel(i, false); // as no vowel was before
        }
        return vowel;
    }

    /** A y is a vowel after a consonant. */
    private boolean isVowel(int place, boolean afterVowel) {
        return switch (points[place]) {
            case 'a', 'e', 'i', 'o', 'u' -> true;
            case 'y' -> place > 0 && !afterVowel;
            default -> false;
        };
    }

    private boolean isConsonant(int place) {
        int first = place;
        while (first > 0 && points[first] == 'y') {
            first--;
        }
        boolean vowel = isVowel(first, false);
        for (int i = first + 1; i <= place; i++) {
            vowel = isVowel(i, vowel);
        }
        return !vowel;
    }

    /** Whether the first letters end in consonant, vowel, and a consonant other than w, x, y; or are a vowel and a consonant. */
    private boolean isShort(int end) {
        if (end == 2) {
            return !isConsonant(0) && isConsonant(1);
        }
        if (end < 3 || !isConsonant(end - 3) || isConsonant(end - 2) || !isConsonant(end - 1)) {
            return false;
        }
        int last = points[end - 1];
        return last != 'w' && last != 'x' && last != 'y';
    }
}
