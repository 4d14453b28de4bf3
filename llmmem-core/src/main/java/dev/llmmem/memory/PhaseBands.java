package dev.llmmem.memory;

import java.util.ArrayList;
import java.util.List;

/** The horizontal axis of a picture: a band of whole pixels for each phase, and in it its events. */
final class PhaseBands {

    /** A phase from its left edge to its right one, in pixels. */
    record Band(Timeline.Span span, int left, int right) {

        /** Where the level after an event begins. */
        int x(long event) {
            return left + (int) ((event - span.first()) * (double) (right - left) / span.events());
        }
    }

    private PhaseBands() {}

    /**
     * Shares a width among phases by their events, but gives each a least width.
     *
     * @param spans so many that all fit with their least widths
     */
    static List<Band> share(List<Timeline.Span> spans, int left, int width, int least) {
        boolean[] narrow = new boolean[spans.size()];
        double scale;
        boolean changed;
        do {
            changed = false;
            long events = 0;
            int room = width;
            for (int i = 0; i < narrow.length; i++) {
                events += narrow[i] ? 0 : spans.get(i).events();
                room -= narrow[i] ? least : 0;
            }
            scale = events == 0 ? 0 : room / (double) events;
            for (int i = 0; i < narrow.length; i++) {
                if (!narrow[i] && spans.get(i).events() * scale < least) {
                    narrow[i] = true;
                    changed = true;
                }
            }
        } while (changed);
        List<Band> bands = new ArrayList<>();
        double edge = left;
        for (int i = 0; i < narrow.length; i++) {
            double next = edge + (narrow[i] ? least : spans.get(i).events() * scale);
            boolean last = i == narrow.length - 1;
            bands.add(new Band(spans.get(i), (int) Math.round(edge), last ? left + width : (int) Math.round(next)));
            edge = next;
        }
        return bands;
    }
}
