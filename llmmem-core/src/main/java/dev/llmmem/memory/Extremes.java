package dev.llmmem.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Thins a curve so that its hills and valleys stay. */
final class Extremes {

    private Extremes() {}

    /**
     * Keeps of each bucket the first of the lowest and the first of the highest points, in their order.
     *
     * <p>Thinning again with buckets that are unions of these gives what thinning once with them gives.
     *
     * @param points in order of their buckets
     */
    static <T> List<T> of(List<T> points, ToLongFunction<T> bucket, ToLongFunction<T> height) {
        List<T> kept = new ArrayList<>();
        for (int start = 0; start < points.size(); ) {
            long number = bucket.applyAsLong(points.get(start));
            int lowest = start;
            int highest = start;
            int end = start + 1;
            while (end < points.size() && bucket.applyAsLong(points.get(end)) == number) {
                long here = height.applyAsLong(points.get(end));
                if (here < height.applyAsLong(points.get(lowest))) {
                    lowest = end;
                }
                if (here > height.applyAsLong(points.get(highest))) {
                    highest = end;
                }
                end++;
            }
            kept.add(points.get(Math.min(lowest, highest)));
            if (lowest != highest) {
                kept.add(points.get(Math.max(lowest, highest)));
            }
            start = end;
        }
        return kept;
    }
}
