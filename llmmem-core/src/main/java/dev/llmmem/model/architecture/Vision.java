package dev.llmmem.model.architecture;

/**
 * An image tower before its output is brought to the width of a text decoder.
 *
 * @param hidden the width of a patch's vector
 * @param parts the tensors
 */
record Vision(int hidden, Parts parts) {

    /** Refuses a number of heads that does not divide a width. */
    static void requireHeads(Config config, long hidden, String name, int absent) {
        int heads = config.count(Range.HEADS, absent, name);
        config.require(hidden % heads == 0, name, heads, "a divisor of the hidden width " + hidden);
    }

    /**
     * The squares that an image is cut into.
     *
     * @param count how many
     * @param side of one, in pixels
     * @param channels of a pixel
     */
    record Patches(long count, long side, long channels) {

        static Patches read(Config config, int imageByDefault, int patchByDefault) {
            int image = config.count(Range.SIDE, imageByDefault, "image_size");
            int patch = config.count(Range.SIDE, patchByDefault, "patch_size");
            config.require(patch <= image, "patch_size", patch, "at most the image's " + image + " pixels");
            long inRow = Math.max(1, image / patch);
            return new Patches(inRow * inRow, patch, config.count(Range.WIDTH, 3, "num_channels"));
        }

        /** The numbers in one. */
        long elements() {
            return channels * side * side;
        }

        /** The shape of a convolution that reads them. */
        Long[] kernel(long hidden) {
            return new Long[] {hidden, channels, side, side};
        }
    }
}
