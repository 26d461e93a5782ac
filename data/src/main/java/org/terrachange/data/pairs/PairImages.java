package org.terrachange.data.pairs;

/// The pixels of a labelled pair.
///
/// @param width columns of all three images
/// @param height rows
/// @param before 8-bit RGB, planar: three times `height * width` samples
/// @param after the same
/// @param change one sample a pixel, 1 where the ground changed, else 0
public record PairImages(int width, int height, byte[] before, byte[] after, byte[] change) {
    public PairImages {
        int area = width * height;
        if (before.length != 3 * area || after.length != 3 * area || change.length != area) {
            throw new IllegalArgumentException("images of " + before.length + " and " + after.length
                    + " samples and a mask of " + change.length + " do not fit " + width + "x" + height);
        }
    }
}
