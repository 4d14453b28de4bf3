package dev.llmmem.formats.peft;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The types of adapters that are read, and why the others are not. */
final class Methods {

    private static final Map<String, String> REFUSED = Map.of(
            "SHADOW", "it adds a model of its own",
            "XLORA", "it stands on other adapters, which have files of their own");

    /** Types that store more than what they train, which is not modelled. */
    private static final Set<String> STORED_OTHERWISE =
            Set.of("ADAMSS", "FROD", "GLORA", "LILY", "RANDLORA", "TINYLORA");

    private static final Map<String, BiFunction<Settings, Selection, Method>> READ = Map.ofEntries(
            Map.entry("ADALORA", (settings, selection) -> LowRank.adalora(settings)),
            Map.entry("ADAMSS", (settings, selection) -> LowRank.adamss(settings)),
            Map.entry("ADAPTION_PROMPT", (settings, selection) -> AdaptionPrompt.read(settings)),
            Map.entry("BEFT", (settings, selection) -> Vectors.beft()),
            Map.entry("BOFT", (settings, selection) -> Rotations.boft(settings)),
            Map.entry("C3A", (settings, selection) -> Rotations.c3a(settings)),
            Map.entry("CARTRIDGE", (settings, selection) -> Prompts.cartridge(settings)),
            Map.entry("CPT", (settings, selection) -> Prompts.cpt(settings)),
            Map.entry("DEFT", (settings, selection) -> LowRank.deft(settings)),
            Map.entry("DELORA", (settings, selection) -> LowRank.delora(settings)),
            Map.entry("FOURIERFT", (settings, selection) -> Vectors.fourierft(settings)),
            Map.entry("FROD", (settings, selection) -> Vectors.frod(settings)),
            Map.entry("GLORA", (settings, selection) -> LowRank.glora(settings)),
            Map.entry("GRALORA", (settings, selection) -> LowRank.gralora(settings)),
            Map.entry("HIRA", (settings, selection) -> LowRank.hira(settings)),
            Map.entry("HRA", (settings, selection) -> LowRank.hra(settings)),
            Map.entry(
                    "IA3",
                    (settings, selection) -> Ia3.read(settings, selection).method()),
            Map.entry("LILY", Lily::method),
            Map.entry("LN_TUNING", (settings, selection) -> Vectors.lnTuning()),
            Map.entry("LOHA", (settings, selection) -> LowRank.loha(settings)),
            Map.entry("LOKR", (settings, selection) -> LowRank.lokr(settings)),
            Map.entry("LORA", (settings, selection) -> Lora.read(settings).method()),
            Map.entry("MISS", (settings, selection) -> LowRank.miss(settings)),
            Map.entry("MULTITASK_PROMPT_TUNING", (settings, selection) -> Prompts.multitaskPromptTuning(settings)),
            Map.entry("OFT", (settings, selection) -> Rotations.oft(settings)),
            Map.entry("OSF", (settings, selection) -> Osf.method(settings)),
            Map.entry("PEANUT", (settings, selection) -> LowRank.peanut(settings)),
            Map.entry("POLY", (settings, selection) -> LowRank.poly(settings)),
            Map.entry("PREFIX_TUNING", (settings, selection) -> Prompts.prefixTuning(settings)),
            Map.entry("PROMPT_TUNING", (settings, selection) -> Prompts.promptTuning(settings)),
            Map.entry("PSOFT", (settings, selection) -> Rotations.psoft(settings)),
            Map.entry("PVERA", (settings, selection) -> SharedParts.pvera(settings)),
            Map.entry("P_TUNING", (settings, selection) -> Prompts.pTuning(settings)),
            Map.entry("RANDLORA", (settings, selection) -> SharedParts.randlora(settings)),
            Map.entry("ROAD", (settings, selection) -> Vectors.road(settings)),
            Map.entry("SHIRA", (settings, selection) -> Vectors.shira(settings)),
            Map.entry("SUPERTUNING", (settings, selection) -> Vectors.supertuning(settings)),
            Map.entry("TINYLORA", (settings, selection) -> SharedParts.tinylora(settings)),
            Map.entry("TRAINABLE_TOKENS", Tokens::method),
            Map.entry("UNILORA", (settings, selection) -> SharedParts.unilora(settings)),
            Map.entry("VBLORA", (settings, selection) -> SharedParts.vblora(settings)),
            Map.entry("VERA", (settings, selection) -> SharedParts.vera(settings)),
            Map.entry("WAVEFT", (settings, selection) -> Vectors.waveft(settings)));

    private Methods() {}

    static boolean reads(String type) {
        return READ.containsKey(type);
    }

    static Set<String> types() {
        return READ.keySet();
    }

    /** Why a type that PEFT has is not read. */
    static Optional<String> refusal(String type) {
        return Optional.ofNullable(REFUSED.get(type));
    }

    /** Whether what PEFT stores is what is trained, or else modelled besides. */
    static boolean storedIsKnown(String type) {
        return !STORED_OTHERWISE.contains(type);
    }

    static Method read(String type, Settings settings, Selection selection) {
        BiFunction<Settings, Selection, Method> reader = READ.get(type);
        if (reader == null) {
            throw new IllegalArgumentException("type = " + type + ", permitted one that is read");
        }
        return reader.apply(settings, selection);
    }
}
