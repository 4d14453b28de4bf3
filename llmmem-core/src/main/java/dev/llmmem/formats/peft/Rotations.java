package dev.llmmem.formats.peft;

/**
 * Adapters that rotate or convolve in blocks: {@code update_layer} in {@code peft/tuners/<type>/layer.py} of peft 0.21.0, where
 * {@code <type>} is the name of the method here.
 */
final class Rotations {

    private Rotations() {}

    static Method oft(Settings settings) {
        long blocks = settings.number("r", 0, 0, Settings.WIDEST, "blocks");
        long size = settings.number("oft_block_size", 32, 0, Settings.WIDEST, "elements");
        if ((blocks == 0) == (size == 0)) {
            settings.refuse("oft_block_size", "0 where r is not 0, and above 0 where r is 0");
        }
        boolean shared = settings.flag("block_share", false);
        return Method.linear((module, out) -> {
            long inputs = module.inputs();
            long number = blocks == 0 ? inputs / nearestDivisor(inputs, size) : nearestDivisor(inputs, blocks);
            long wide = inputs / number;
            out.add(module, "oft_R.weight", shared ? 1 : number, wide * (wide - 1) / 2);
        });
    }

    /** {@code adjust_oft_parameters}: the divisor of a width that is closest to a number, the lower one of two. */
    private static long nearestDivisor(long width, long number) {
        if (number >= width) {
            return width;
        }
        long higher = number;
        while (width % higher != 0) {
            higher++;
        }
        long lower = number;
        while (width % lower != 0) {
            lower--;
        }
        return number - lower <= higher - number ? lower : higher;
    }

    static Method boft(Settings settings) {
        long size = settings.number("boft_block_size", 4, 0, Settings.WIDEST, "elements");
        long blocks = settings.number("boft_block_num", 0, 0, Settings.WIDEST, "blocks");
        if ((size == 0) == (blocks == 0)) {
            settings.refuse("boft_block_num", "0 where boft_block_size is not 0, and above 0 where it is 0");
        }
        long factor = settings.number("boft_n_butterfly_factor", 1, 1, 64, "factors");
        if (factor > 1) {
            settings.refuse("boft_n_butterfly_factor", "1: PEFT takes more only where its CUDA extension can be built");
        }
        return Method.linear((module, out) -> {
            long divisor = Math.max(size, blocks);
            Fit.divides(size > 0 ? "boft_block_size" : "boft_block_num", divisor, module.inputs(), module);
            long other = module.inputs() / divisor;
            long number = size > 0 ? other : divisor;
            long wide = size > 0 ? divisor : other;
            out.add(module, "boft_R", 1, number, wide, wide);
            out.add(module, "boft_s", module.outputs(), 1);
        });
    }

    static Method psoft(Settings settings) {
        long r = settings.rank("r", 32);
        boolean orthogonal = settings.flag("psoft_orth", true);
        boolean first = settings.flag("psoft_mag_b", true);
        boolean second = settings.flag("psoft_mag_a", true);
        return Method.linear((module, out) -> {
            Fit.require(r <= Math.min(module.inputs(), module.outputs()), "r", r, "[1, the smaller width]", module);
            if (!orthogonal) {
                out.add(module, "psoft_R.weight", r, r);
            } else {
                out.add(module, "psoft_R.weight", r * (r - 1) / 2);
            }
            if (first) {
                out.add(module, "psoft_R.vector_b", r);
            }
            if (second) {
                out.add(module, "psoft_R.vector_a", r);
            }
        });
    }

    static Method c3a(Settings settings) {
        Patterns sizes = Patterns.read(
                settings,
                "block_size_pattern",
                settings.number("block_size", 256, 1, Settings.WIDEST, "elements"),
                "elements");
        return Method.linear((module, out) -> {
            long size = sizes.of(module, out.steps());
            Fit.divisor("block_size", size, module);
            out.add(module, "c3a_kernel", module.outputs() / size, module.inputs() / size, size);
        });
    }
}
