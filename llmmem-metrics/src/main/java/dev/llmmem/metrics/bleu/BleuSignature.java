package dev.llmmem.metrics.bleu;

import dev.llmmem.metrics.text.PythonFormat;

/** The strings that sacreBLEU wants reported with a score. */
record BleuSignature(String full, String abbreviated) {

    /** @param samples what goes between the number of references and the settings, empty or with a bar at its end */
    static BleuSignature of(BleuSettings settings, int references, String samples) {
        if (references < SacreBleu.VARIABLE) {
            throw new IllegalArgumentException(
                    "references is " + references + ", but must be at least 0, or -1 for a number that varies");
        }
        String number = references == SacreBleu.VARIABLE ? "var" : Integer.toString(references);
        return new BleuSignature(
                "nrefs:" + number + "|" + samples + settings(settings),
                "#:" + number + "|" + samples.replace("seed:", "rs:") + settings(settings, "c", "e", "s", "v"));
    }

    static String settings(BleuSettings settings) {
        return settings(settings, "case", "eff", "smooth", "version");
    }

    private static String settings(BleuSettings settings, String letters, String order, String smooth, String version) {
        BleuSmoothing smoothing = settings.smoothing();
        String value = smoothing.takesValue() ? "[" + PythonFormat.fixed(settings.smoothingValue(), 2) + "]" : "";
        return letters + ":" + (settings.lowercase() ? "lc" : "mixed") + "|" + order + ":"
                + (settings.effectiveOrder() ? "yes" : "no") + "|tok:" + settings.tokenizerName() + "|" + smooth + ":"
                + smoothing.signature() + value + "|" + version + ":" + SacreBleu.REFERENCE_VERSION;
    }
}
