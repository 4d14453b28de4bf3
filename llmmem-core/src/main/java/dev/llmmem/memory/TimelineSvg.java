package dev.llmmem.memory;

import dev.llmmem.units.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A timeline as a picture: the job, the phases, the areas of the kinds, both axes, and what the peak is made of. */
final class TimelineSvg {

    private static final int WIDTH = 1120;
    private static final int LEFT = 72;
    private static final int PLOT_WIDTH = 724;
    private static final int RIGHT = LEFT + PLOT_WIDTH;
    private static final int PLOT_HEIGHT = 360;
    private static final int LEAST_BAND = 76;
    private static final int LEGEND = RIGHT + 28;
    private static final int LEGEND_SIZES = WIDTH - 76;
    private static final int LEGEND_END = WIDTH - 20;
    private static final int TITLE_SIZE = 14;
    private static final int TITLE_WIDTH = 980; // bold letters are wider than others
    private static final int TITLE_LINE = 20;

    /** A point where it is drawn: its level holds from here to the next one. */
    private record Drawn(int x, Timeline.Point point) {}

    private final Timeline timeline;
    private final Timeline.Point peak;
    private final List<PhaseBands.Band> bands;
    private final List<Drawn> drawn = new ArrayList<>();
    private final List<String> title;
    private final int top;
    private final int bottom;
    private final StringBuilder svg = new StringBuilder();

    private TimelineSvg(Timeline timeline) {
        this.timeline = timeline;
        this.peak = timeline.peak();
        this.bands = PhaseBands.share(timeline.phases(), LEFT, PLOT_WIDTH, LEAST_BAND);
        this.title = SvgText.lines(timeline.workload().toString(), TITLE_SIZE, TITLE_WIDTH, 3);
        this.top = 24 + TITLE_LINE * title.size() + 44;
        this.bottom = top + PLOT_HEIGHT;
        bands.forEach(this::place);
    }

    static String of(Timeline timeline) {
        TimelineSvg picture = new TimelineSvg(timeline);
        picture.draw();
        return picture.svg.toString();
    }

    /** The points of a phase on whole pixels: each on its own, or else the lowest and the highest of every two pixels. */
    private void place(PhaseBands.Band band) {
        List<Timeline.Point> points = timeline.points().stream()
                .filter(point -> point.event() >= band.span().first()
                        && point.event() <= band.span().last())
                .toList();
        if (band.span().events() <= band.right() - band.left()) {
            points.forEach(point -> drawn.add(new Drawn(band.x(point.event()), point)));
            return;
        }
        int column = -1;
        for (Timeline.Point point : Extremes.of(
                points, point -> column(band, point), point -> point.live().value())) {
            int left = column(band, point);
            drawn.add(new Drawn(left == column ? left + 1 : left, point));
            column = left;
        }
    }

    private static int column(PhaseBands.Band band, Timeline.Point point) {
        return band.left() + (band.x(point.event()) - band.left()) / 2 * 2;
    }

    // ---- the parts -------------------------------------------------------------------------------------------------

    private void draw() {
        int height = bottom + 62;
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\""
                        + " font-family=\"'Helvetica Neue', Helvetica, Arial, sans-serif\" font-size=\"12\">",
                WIDTH, height, WIDTH, height);
        line("<title>%s</title>", SvgText.escaped("Memory of " + timeline.workload()));
        line("<desc>%s</desc>", SvgText.escaped(timeline.toString()));
        line(
                "<style>@media (prefers-color-scheme: dark) { .llmmem-paper { fill: #0d1117 } .llmmem-ink { fill: #e6edf3 }"
                        + " .llmmem-dim { fill: #9da7b3 } .llmmem-line { stroke: #e6edf3 } }</style>");
        line("<rect class=\"llmmem-paper\" width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
        title();
        phases();
        areas();
        sizes();
        events();
        marker();
        legend();
        line("</svg>");
    }

    private void title() {
        for (int i = 0; i < title.size(); i++) {
            ink(20, 32 + i * TITLE_LINE, "start", "font-size=\"" + TITLE_SIZE + "\" font-weight=\"600\"", title.get(i));
        }
    }

    /** Every other phase on a tinted ground, each under its name and its highest point. */
    private void phases() {
        for (int i = 0; i < bands.size(); i++) {
            PhaseBands.Band band = bands.get(i);
            int middle = (band.left() + band.right()) / 2;
            if (i % 2 == 0) {
                line(
                        "<rect class=\"llmmem-ink\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#1f2328\""
                                + " fill-opacity=\"0.06\"/>",
                        band.left(), top - 40, band.right() - band.left(), PLOT_HEIGHT + 40);
            }
            ink(
                    middle,
                    top - 24,
                    "middle",
                    "font-weight=\"600\"",
                    Timeline.lower(band.span().phase()));
            dim(middle, top - 9, "middle", SizeScale.shortText(highest(band.span())));
        }
    }

    private Bytes highest(Timeline.Span span) {
        return timeline.points().stream()
                .filter(point -> point.event() >= span.first() && point.event() <= span.last())
                .map(Timeline.Point::live)
                .reduce(Bytes.ZERO, Bytes::max);
    }

    private void sizes() {
        SizeScale scale = SizeScale.upTo(peak.live());
        for (double tick : scale.ticks(peak.live())) {
            String y = number(y(tick));
            rule(LEFT, y, RIGHT, y, "stroke-opacity=\"0.18\"");
            dim(LEFT - 8, number(y(tick) + 4), "end", scale.label(tick));
        }
    }

    /**
     * From the top of the stack down: each area reaches to the ground and is covered by those below it, so that no gap
     * opens between two.
     */
    private void areas() {
        List<MemoryKind> kinds = timeline.kinds();
        line("<g shape-rendering=\"crispEdges\">");
        for (int i = kinds.size() - 1; i >= 0; i--) {
            line(
                    "<path fill=\"%s\" d=\"%s\"><title>%s</title></path>",
                    KindColors.of(kinds.get(i)),
                    outline(kinds.subList(0, i + 1)),
                    SvgText.escaped(kinds.get(i).label()));
        }
        line("</g>");
    }

    /** The outline of some kinds on top of each other. */
    private String outline(List<MemoryKind> kinds) {
        StringBuilder path = new StringBuilder("M" + LEFT + " " + bottom);
        String level = String.valueOf(bottom);
        for (Drawn step : drawn) {
            long sum = 0;
            for (MemoryKind kind : kinds) {
                sum += step.point().of(kind).value();
            }
            String next = number(y((double) sum));
            if (!next.equals(level)) {
                path.append('H').append(step.x()).append('V').append(next);
                level = next;
            }
        }
        return path.append('H')
                .append(RIGHT)
                .append('V')
                .append(bottom)
                .append('Z')
                .toString();
    }

    private void events() {
        rule(LEFT, String.valueOf(bottom), RIGHT, String.valueOf(bottom), "stroke-opacity=\"0.7\"");
        for (PhaseBands.Band band : bands) {
            tick(band.left(), band.span().first());
        }
        tick(RIGHT, timeline.events());
        dim(
                (LEFT + RIGHT) / 2,
                String.valueOf(bottom + 42),
                "middle",
                "events in their order: allocations, releases, starts of phases (no time; short phases are widened)");
    }

    private void tick(int x, long event) {
        rule(x, String.valueOf(bottom), x, String.valueOf(bottom + 5), "stroke-opacity=\"0.7\"");
        dim(x, String.valueOf(bottom + 19), "middle", String.format(Locale.ROOT, "%,d", event));
    }

    private void marker() {
        String text = "peak " + SizeScale.shortText(peak.live()) + " in " + Timeline.lower(peak.phase());
        int x = drawn.stream()
                .filter(step -> step.point().event() == peak.event())
                .findFirst()
                .orElseThrow()
                .x();
        double half = SvgText.width(text, 13) / 2;
        long middle = Math.round(Math.min(Math.max(x, LEFT + half + 4), RIGHT - half - 4));
        double summit = y((double) peak.live().value());
        String y = number(summit);
        rule(x, y, x, String.valueOf(bottom), "stroke-dasharray=\"3 3\" stroke-opacity=\"0.8\"");
        line("<circle class=\"llmmem-ink\" cx=\"%d\" cy=\"%s\" r=\"4\" fill=\"#1f2328\"/>", x, y);
        ink(middle, Math.round(summit) - 11, "middle", "font-size=\"13\" font-weight=\"600\"", text);
    }

    /** The kinds in the order of the stack, with what they are at the peak. */
    private void legend() {
        int y = top - 24;
        ink(
                LEGEND,
                y,
                "start",
                "font-size=\"13\" font-weight=\"600\"",
                "At the peak: " + SizeScale.shortText(peak.live()));
        dim(
                LEGEND,
                String.valueOf(y + 17),
                "start",
                String.format(
                        Locale.ROOT,
                        "%s, event %,d of %,d",
                        Timeline.lower(peak.phase()),
                        peak.event(),
                        timeline.events()));
        y += 46;
        List<MemoryKind> kinds = timeline.kinds();
        for (int i = kinds.size() - 1; i >= 0; i--) {
            MemoryKind kind = kinds.get(i);
            Bytes size = peak.of(kind);
            line(
                    "<rect x=\"%d\" y=\"%d\" width=\"13\" height=\"13\" rx=\"2\" fill=\"%s\"/>",
                    LEGEND, y - 11, KindColors.of(kind));
            ink(LEGEND + 21, y, "start", "", kind.label());
            if (size.equals(Bytes.ZERO)) {
                dim(LEGEND_SIZES, y, "end", "none");
            } else {
                ink(LEGEND_SIZES, y, "end", "", SizeScale.shortText(size));
                dim(LEGEND_END, String.valueOf(y), "end", percent(size));
            }
            y += 24;
        }
    }

    private String percent(Bytes part) {
        double percent = 100.0 * part.value() / peak.live().value();
        return percent < 0.05 ? "<0.1%" : String.format(Locale.ROOT, "%.1f%%", percent);
    }

    // ---- the pencils -----------------------------------------------------------------------------------------------

    private double y(double bytes) {
        double headroom = 1.12;
        return bottom - bytes / (peak.live().value() * headroom) * PLOT_HEIGHT;
    }

    private void ink(long x, long y, String anchor, String style, String text) {
        text("llmmem-ink", "#1f2328", x, String.valueOf(y), anchor, style, text);
    }

    private void dim(long x, long y, String anchor, String text) {
        dim(x, String.valueOf(y), anchor, text);
    }

    private void dim(long x, String y, String anchor, String text) {
        text("llmmem-dim", "#59636e", x, y, anchor, "", text);
    }

    private void text(String part, String color, long x, String y, String anchor, String style, String text) {
        line(
                "<text class=\"%s\" x=\"%d\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\"%s>%s</text>",
                part, x, y, anchor, color, style.isEmpty() ? "" : " " + style, SvgText.escaped(text));
    }

    private void rule(int x1, String y1, int x2, String y2, String style) {
        line(
                "<line class=\"llmmem-line\" x1=\"%d\" y1=\"%s\" x2=\"%d\" y2=\"%s\" stroke=\"#1f2328\" %s/>",
                x1, y1, x2, y2, style);
    }

    private void line(String format, Object... values) {
        svg.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
    }

    /** At most one decimal. */
    private static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? String.valueOf(tenths / 10) : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
    }
}
