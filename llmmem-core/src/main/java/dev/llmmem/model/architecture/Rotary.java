package dev.llmmem.model.architecture;

/** How much of a head is rotated by position (arXiv 2104.09864). */
final class Rotary {

    private Rotary() {}

    /** Some or all of the head, as the configuration says in one of three places. */
    static int partial(Config config, Shape shape, double absent) {
        double share = config.share(absent, "partial_rotary_factor");
        for (String place : new String[] {"rope_parameters", "rope_scaling"}) {
            double outer = share;
            share = config.nested(place)
                    .map(rope -> rope.share(outer, "partial_rotary_factor"))
                    .orElse(outer);
        }
        return shared(shape, share);
    }

    /** So much of the head, at least; elements turn in pairs. */
    static int shared(Shape shape, double share) {
        int rotated = (int) (shape.headSize() * share);
        return Math.min(rotated + rotated % 2, shape.headSize());
    }
}
