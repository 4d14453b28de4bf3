package dev.llmmem.formats.recipe;

import java.util.regex.Pattern;

/** What the name of a checkpoint says about how it is stored. */
final class Checkpoints {

    private static final Pattern QUANTIZED = Pattern.compile(
            "(^|[-_/.])(gptq|awq|aqlm|hqq|eetq|bnb|nf4|fp4|nvfp4|mxfp4|fp8|int4|int8|w4a16|w8a8|[248]bit|gguf)([-_/.]|$)",
            Pattern.CASE_INSENSITIVE);

    private Checkpoints() {}

    static boolean quantized(String id) {
        return QUANTIZED.matcher(id).find();
    }
}
