package org.terrachange.raster.rgb;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

/// How the values of an image become 8-bit brightness: a straight line for each colour, cut off at both ends.
///
/// @param low value of each colour that becomes 0
/// @param high value of each colour that becomes 255, above `low`
public record Stretch(List<Double> low, List<Double> high) {
    /// 8-bit brightness as it is.
    public static final Stretch NONE = new Stretch(List.of(0.0, 0.0, 0.0), List.of(255.0, 255.0, 255.0));

    /// What share of the darkest and of the brightest values is cut off: sensors have outliers, and clouds and
    /// glints must not darken the ground. QGIS cuts the same share.
    private static final double TAIL = 0.02;

    /// Windows in which values are gathered, and how long their sides are.
    private static final int WINDOWS_A_SIDE = 16;

    private static final int WINDOW_SIZE = 256;

    /// Values of one colour gathered from one image.
    private static final int SAMPLES = 1 << 20;

    public Stretch {
        low = List.copyOf(low);
        high = List.copyOf(high);
        if (low.size() != 3 || high.size() != 3) {
            throw new IllegalArgumentException("a stretch needs limits for three colours");
        }
        for (int i = 0; i < 3; i++) {
            if (!(high.get(i) > low.get(i))) {
                throw new IllegalArgumentException("a stretch needs rising limits, got " + low + " and " + high);
            }
        }
    }

    /// The stretch that all these images share, so that equal values stay equal: from the 2nd to the 98th
    /// percentile of each colour over the valid pixels of all of them together. Images without any valid pixel,
    /// or of a single value, get limits one apart.
    ///
    /// At most 256 windows of 256 pixels, spread evenly, are read from each image, whatever its size.
    public static Stretch over(ColourSource... images) throws IOException {
        Sample[] samples = new Sample[images.length];
        for (int i = 0; i < images.length; i++) {
            samples[i] = Sample.of(images[i]);
        }
        return over(samples);
    }

    /// The same, of values that were gathered before.
    static Stretch over(Sample... samples) {
        Double[] low = new Double[3];
        Double[] high = new Double[3];
        for (int colour = 0; colour < 3; colour++) {
            int band = colour;
            int total = Arrays.stream(samples)
                    .mapToInt(s -> s.values()[band].length)
                    .sum();
            float[] values = new float[total];
            int at = 0;
            for (Sample image : samples) {
                System.arraycopy(image.values()[band], 0, values, at, image.values()[band].length);
                at += image.values()[band].length;
            }
            Arrays.sort(values);
            double least = total == 0 ? 0 : values[(int) Math.round(TAIL * (total - 1))];
            double most = total == 0 ? 1 : values[(int) Math.round((1 - TAIL) * (total - 1))];
            low[colour] = least;
            high[colour] = most > least ? most : least + 1;
        }
        return new Stretch(List.of(low), List.of(high));
    }

    /// Valid values of an image, evenly thinned.
    ///
    /// @param values those of each colour, from as many pixels
    record Sample(float[][] values) {
        boolean isEmpty() {
            return values[0].length == 0;
        }

        static Sample of(ColourSource image) throws IOException {
            Grid grid = image.grid();
            int across = Math.min(WINDOWS_A_SIDE, Math.ceilDiv(grid.width(), WINDOW_SIZE));
            int down = Math.min(WINDOWS_A_SIDE, Math.ceilDiv(grid.height(), WINDOW_SIZE));
            int width = Math.min(WINDOW_SIZE, grid.width());
            int height = Math.min(WINDOW_SIZE, grid.height());
            int step = (int) Math.max(1, Math.ceilDiv((long) across * down * width * height, (long) SAMPLES));
            float[][] values = new float[3][(int) Math.ceilDiv((long) across * down * width * height, (long) step)];
            int count = 0;
            long seen = 0;
            for (int row = 0; row < down; row++) {
                for (int column = 0; column < across; column++) {
                    Window window = new Window(
                            spread(column, across, grid.width() - width),
                            spread(row, down, grid.height() - height),
                            width,
                            height);
                    ColourBlock block = image.read(window);
                    for (int i = 0; i < block.missing().length; i++) {
                        if (!block.missing()[i] && seen++ % step == 0) {
                            for (int colour = 0; colour < 3; colour++) {
                                values[colour][count] = block.planes()[colour][i];
                            }
                            count++;
                        }
                    }
                }
            }
            for (int colour = 0; colour < 3; colour++) {
                values[colour] = Arrays.copyOf(values[colour], count);
            }
            return new Sample(values);
        }

        private static int spread(int index, int count, int last) {
            return count == 1 ? 0 : (int) ((long) index * last / (count - 1));
        }
    }

    /// The brightness of one value.
    ///
    /// @param colour 0 for red, 1 for green, 2 for blue
    /// @return 0 to 255, rounded to the nearest
    byte[] bytes(int colour, float[] values) {
        float offset = low.get(colour).floatValue();
        float scale = (float) (255 / (high.get(colour) - low.get(colour)));
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) Math.max(0f, Math.min(255f, (values[i] - offset) * scale + 0.5f));
        }
        return bytes;
    }
}
