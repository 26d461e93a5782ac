package org.terrachange.raster.rgb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;

/// Which bands of an image stand for red, green and blue.
///
/// @param bands three band numbers counted from 1, as GDAL and QGIS count; a single one for a grey picture;
///     none to choose by the roles that the file states
public record BandChoice(List<Integer> bands) {

    /// By the roles that the file states: its red, green and blue; otherwise its first three bands; a single grey
    /// band stands for all three.
    public static final BandChoice BY_ROLE = new BandChoice(List.of());

    public BandChoice {
        bands = List.copyOf(bands);
        if (bands.size() != 0 && bands.size() != 1 && bands.size() != 3) {
            throw new IllegalArgumentException("choose three bands for red, green and blue, such as 3,2,1, or a single"
                    + " one, not " + bands.size());
        }
        bands.forEach(band -> {
            if (band < 1) {
                throw new IllegalArgumentException("bands are counted from 1, got " + band);
            }
        });
    }

    /// Reads `3,2,1`.
    ///
    /// @throws IllegalArgumentException if it is no list of one or three positive whole numbers
    public static BandChoice parse(String text) {
        try {
            return new BandChoice(Arrays.stream(text.split(",", -1))
                    .map(number -> Integer.valueOf(number.strip()))
                    .toList());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no choice of bands; write three numbers with commas, such as 3,2,1", e);
        }
    }

    /// The zero-based bands of an image that stand for red, green and blue, in this order.
    ///
    /// @throws RasterException if the image lacks a chosen band, or has none that shows the ground
    int[] of(RasterSource source) throws RasterException {
        return bands.isEmpty() ? byRole(source) : chosen(source);
    }

    private int[] chosen(RasterSource source) throws RasterException {
        for (int band : bands) {
            if (band > source.bands()) {
                throw new RasterException(
                        source.location(), "has no band " + band + "; its bands are " + roles(source));
            }
        }
        return IntStream.range(0, 3)
                .map(i -> bands.get(bands.size() == 1 ? 0 : i) - 1)
                .toArray();
    }

    private static int[] byRole(RasterSource source) throws RasterException {
        List<Integer> ground = new ArrayList<>();
        int[] rgb = {-1, -1, -1};
        for (int band = 0; band < source.bands(); band++) {
            switch (source.role(band)) {
                case RED -> rgb[0] = rgb[0] < 0 ? band : rgb[0];
                case GREEN -> rgb[1] = rgb[1] < 0 ? band : rgb[1];
                case BLUE -> rgb[2] = rgb[2] < 0 ? band : rgb[2];
                case ALPHA, GRAY, PALETTE, UNDEFINED -> {}
            }
            if (source.role(band) != BandRole.ALPHA) {
                ground.add(band);
            }
        }
        if (Arrays.stream(rgb).allMatch(band -> band >= 0)) {
            return rgb;
        }
        if (ground.isEmpty()) {
            throw new RasterException(source.location(), "has no band that shows the ground, only " + roles(source));
        }
        return IntStream.range(0, 3)
                .map(i -> ground.get(ground.size() < 3 ? 0 : i))
                .toArray();
    }

    private static String roles(RasterSource source) {
        return IntStream.range(0, source.bands())
                .mapToObj(band -> (band + 1) + " (" + source.role(band).name().toLowerCase(java.util.Locale.ROOT) + ")")
                .collect(Collectors.joining(", "));
    }
}
