package dev.llmmem.formats.peft;

/** Whether an adapter's numbers fit the modules that it is for. */
final class Fit {

    private Fit() {}

    static void require(boolean holds, String name, long value, String permitted, BaseModule module) {
        if (!holds) {
            throw new IllegalArgumentException(
                    name + " = " + value + ", permitted " + permitted + " of " + module.name() + ", " + widths(module));
        }
    }

    static void divides(String name, long value, long width, BaseModule module) {
        require(width % value == 0, name, value, "a divisor of the width " + width, module);
    }

    static void divisor(String name, long value, BaseModule module) {
        divides(name, value, module.inputs(), module);
        divides(name, value, module.outputs(), module);
    }

    static void atMostElements(String name, long value, BaseModule module) {
        long elements = Math.multiplyExact(module.inputs(), module.outputs());
        require(value <= elements, name, value, "[1, " + elements + "], the elements", module);
    }

    private static String widths(BaseModule module) {
        return "which is " + module.inputs() + " to " + module.outputs() + " elements wide";
    }
}
