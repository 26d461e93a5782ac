package org.terrachange.server.storage;

import java.awt.image.BufferedImage;
import java.io.IOException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.ColourSource;
import org.terrachange.raster.rgb.RasterColours;
import org.terrachange.raster.rgb.RgbView;

/// A small picture of an image of any size.
public final class Preview {
    /// Rows read at once hold at most this many pixels.
    private static final long PIXELS_AT_ONCE = 4 << 20;

    private Preview() {}

    /// @param longest columns or rows of the picture at most
    /// @throws InterruptedException if the calling thread is interrupted
    public static BufferedImage of(RasterSource image, int longest) throws IOException, InterruptedException {
        double factor = Math.max(1, Math.max(image.grid().width(), image.grid().height()) / (double) longest);
        ColourSource colours = RasterColours.of(image).reduced(factor);
        RgbView view = RgbView.of(colours);
        int fullWidth = view.grid().width();
        int fullHeight = view.grid().height();
        double rest = Math.max(1, Math.max(fullWidth, fullHeight) / (double) longest);
        int width = Math.max(1, (int) Math.round(fullWidth / rest));
        int height = Math.max(1, (int) Math.round(fullHeight / rest));
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < height; row++) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            int top = (int) ((long) row * fullHeight / height);
            int bottom = Math.max(top + 1, (int) ((row + 1L) * fullHeight / height));
            int rows = (int) Math.min(bottom - top, Math.max(1, PIXELS_AT_ONCE / fullWidth));
            average(view, new Window(0, top, fullWidth, rows), picture, row);
        }
        return picture;
    }

    private static void average(RgbView view, Window strip, BufferedImage picture, int row) throws IOException {
        int pixels = (int) strip.area();
        byte[] rgb = new byte[3 * pixels];
        view.read(strip, rgb, strip.width(), strip.height(), new boolean[pixels]);
        for (int column = 0; column < picture.getWidth(); column++) {
            int left = (int) ((long) column * strip.width() / picture.getWidth());
            int right = Math.max(left + 1, (int) ((column + 1L) * strip.width() / picture.getWidth()));
            int colour = 0;
            for (int band = 0; band < 3; band++) {
                long sum = 0;
                for (int y = 0; y < strip.height(); y++) {
                    for (int x = left; x < right; x++) {
                        sum += rgb[band * pixels + y * strip.width() + x] & 0xff;
                    }
                }
                colour = colour << 8 | (int) (sum / ((long) strip.height() * (right - left)));
            }
            picture.setRGB(column, row, colour);
        }
    }
}
