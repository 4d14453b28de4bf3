package dev.llmmem.formats.recipe;

import dev.llmmem.formats.MalformedInputException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One job file: what it is called in messages, the tool that it is for, and its keys. */
record Source(String name, RecipeKind kind, Map<String, @Nullable Object> keys) {

    static Source of(String name, String text, RecipeKind kind) {
        return new Source(name, kind, Document.read(text, name));
    }

    static Source of(String name, String text) {
        Map<String, @Nullable Object> keys = Document.read(text, name);
        return new Source(name, RecipeKind.of(keys, name), keys);
    }

    Findings read(Set<String> aside) {
        Reading reading = new Reading(kind, keys, aside);
        try {
            switch (kind) {
                case AXOLOTL -> Axolotl.read(reading);
                case LLAMA_FACTORY -> LlamaFactory.read(reading);
                case TRL, TRAINING_ARGUMENTS -> Trainers.read(reading, kind == RecipeKind.TRL);
                case TORCHTUNE -> Torchtune.read(reading);
                case DEEPSPEED -> Launchers.deepSpeed(reading);
                case ACCELERATE -> Launchers.accelerate(reading);
            }
            return reading.finish();
        } catch (IllegalArgumentException e) {
            throw new MalformedInputException(name + ": " + e.getMessage());
        }
    }
}
