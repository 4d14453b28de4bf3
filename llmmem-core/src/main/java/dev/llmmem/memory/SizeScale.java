package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The vertical axis of a picture: its unit, and where its ticks are.
 *
 * @param unit bytes of the unit
 * @param unitName its name
 * @param step units from tick to tick: 1, 2 or 5 times a power of ten
 */
record SizeScale(long unit, String unitName, double step) {

    private static final int MOST_TICKS = 6;

    /** The scale for sizes up to a largest one, in the unit in which that is written. */
    static SizeScale upTo(Bytes largest) {
        int power = largest.toTiB() >= 1 ? 4 : largest.toGiB() >= 1 ? 3 : largest.toMiB() >= 1 ? 2 : 1;
        long unit = 1L << (10 * power);
        double units = Math.max(1, largest.value()) / (double) unit;
        double step = Math.pow(10, Math.floor(Math.log10(units / MOST_TICKS)));
        for (int i = 0; units / step > MOST_TICKS; i++) {
            step *= i % 3 == 1 ? 2.5 : 2;
        }
        return new SizeScale(unit, List.of("KiB", "MiB", "GiB", "TiB").get(power - 1), step);
    }

    /** The ticks from zero to a largest size, in bytes. */
    List<Double> ticks(Bytes largest) {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step * unit <= largest.value(); i++) {
            ticks.add(i * step * unit);
        }
        return ticks;
    }

    /** A tick as it is written beside the axis. */
    String label(double tick) {
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f %s", tick / unit, unitName);
    }

    /** A size for people, without its exact bytes: {@code 14.96 GiB}. */
    static String shortText(Bytes size) {
        String text = size.toString();
        int exact = text.indexOf(" (");
        return exact < 0 ? text : text.substring(0, exact);
    }
}
