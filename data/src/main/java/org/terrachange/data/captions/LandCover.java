package org.terrachange.data.captions;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.terrachange.data.retrieval.RgbImage;

/// What covers open ground, as far as three colours tell.
public enum LandCover {
    VEGETATION,
    BARE_SOIL,
    WATER;

    /// The share of pixels that must agree before anything is said.
    private static final double CLEAR = 0.7;
    /// The sum of the three colours below which ground counts as dark.
    private static final int DARK = 270;
    private static final int FEWEST_PIXELS = 30;
    /// The greatest mean step between neighbours that soil and water have; roofs and yards have edges.
    private static final double SMOOTH = 9;
    /// Dark green ground without any texture may be a meadow in shade or a pond with algae.
    private static final double FLAT = 4;

    /// The cover of most of some pixels, if it is clear. Vegetation is greener than it is red or blue (excess
    /// green, Woebbecke and others, Transactions of the ASAE 38, 1995); soil is bright, reddish, pale and smooth;
    /// water dark, not red, and smooth.
    ///
    /// @param pixels row-major positions in the image
    public static Optional<LandCover> of(RgbImage image, int[] pixels) {
        if (pixels.length < FEWEST_PIXELS) {
            return Optional.empty();
        }
        int area = image.width() * image.height();
        byte[] planes = image.planes();
        Map<LandCover, Integer> votes = new EnumMap<>(LandCover.class);
        double steps = 0;
        int dark = 0;
        for (int pixel : pixels) {
            int red = planes[pixel] & 0xff;
            int green = planes[area + pixel] & 0xff;
            int blue = planes[2 * area + pixel] & 0xff;
            int sum = Math.max(1, red + green + blue);
            int next = pixel + 1 < area ? pixel + 1 : pixel;
            steps += Math.abs(green - (planes[area + next] & 0xff));
            dark += sum < DARK ? 1 : 0;
            double excessGreen = (2.0 * green - red - blue) / sum;
            double redness = (double) (red - blue) / sum;
            if (excessGreen > 0.04 && green >= red - 4) {
                votes.merge(VEGETATION, 1, Integer::sum);
            } else if (redness > 0.04 && redness < 0.2 && sum > 330 && red >= green) {
                votes.merge(BARE_SOIL, 1, Integer::sum);
            } else if (redness < -0.02 && sum < DARK) {
                votes.merge(WATER, 1, Integer::sum);
            }
        }
        double texture = steps / pixels.length;
        boolean doubtful = texture < FLAT && dark > pixels.length / 2;
        for (LandCover cover : values()) {
            boolean plausible = cover == VEGETATION ? !doubtful : texture < SMOOTH;
            if (plausible && votes.getOrDefault(cover, 0) > CLEAR * pixels.length) {
                return Optional.of(cover);
            }
        }
        return Optional.empty();
    }
}
