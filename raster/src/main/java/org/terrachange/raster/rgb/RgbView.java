package org.terrachange.raster.rgb;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

/// A raster seen as 8-bit red, green and blue with a mask of missing pixels.
///
/// Bands are chosen by their roles; a single grey band stands for all three colours; where a file names no
/// roles, its first three bands are taken. A pixel is missing where the alpha band is 0 or all chosen bands
/// hold the nodata value.
public final class RgbView {
    private final RasterSource source;
    private final int[] bands;
    private final int alpha;

    /// @throws RasterException if the raster has no 8-bit colours to show
    public RgbView(RasterSource source) throws RasterException {
        this.source = source;
        if (source.type() != SampleType.UINT8) {
            throw new RasterException(
                    source.location(),
                    "has " + source.type().label()
                            + " samples, and a picture needs 8-bit ones; stretch it first, for example with gdal_translate -ot"
                            + " Byte -scale");
        }
        List<Integer> colours = new ArrayList<>();
        int alphaBand = -1;
        for (int band = 0; band < source.bands(); band++) {
            switch (source.role(band)) {
                case ALPHA -> alphaBand = band;
                case PALETTE ->
                    throw new RasterException(
                            source.location(),
                            "has a colour palette, so its samples are no brightness;"
                                    + " expand it first, for example with gdal_translate -expand rgb");
                case GRAY, RED, GREEN, BLUE, UNDEFINED -> colours.add(band);
            }
        }
        if (colours.isEmpty()) {
            throw new RasterException(source.location(), "has no band that shows the ground");
        }
        alpha = alphaBand;
        int first = colours.getFirst();
        bands = colours.size() < 3
                ? new int[] {first, first, first}
                : new int[] {
                    find(BandRole.RED, colours.get(0)),
                    find(BandRole.GREEN, colours.get(1)),
                    find(BandRole.BLUE, colours.get(2))
                };
    }

    private int find(BandRole role, int otherwise) {
        for (int band = 0; band < source.bands(); band++) {
            if (source.role(band) == role) {
                return band;
            }
        }
        return otherwise;
    }

    /// Reads a window into the upper left part of a larger, planar image.
    ///
    /// @param target three planes of `stride * rows` samples
    /// @param stride columns of the image
    /// @param rows rows of the image
    /// @param missing one flag a pixel of the image, raised where a pixel is missing; flags are never lowered
    public void read(Window window, byte[] target, int stride, int rows, boolean[] missing) throws RasterException {
        int[] wanted = alpha < 0 ? bands : new int[] {bands[0], bands[1], bands[2], alpha};
        PixelBlock block = source.read(window, wanted);
        OptionalDouble nodata = source.nodata();
        byte[] opacity = alpha < 0 ? new byte[0] : block.bytes(3);
        int none = nodata.isPresent() ? (int) nodata.getAsDouble() : -1;
        for (int row = 0; row < window.height(); row++) {
            int from = row * window.width();
            int to = row * stride;
            for (int band = 0; band < 3; band++) {
                System.arraycopy(block.bytes(band), from, target, band * stride * rows + to, window.width());
            }
            for (int column = 0; column < window.width(); column++) {
                int i = from + column;
                boolean empty = none >= 0
                        && (block.bytes(0)[i] & 0xff) == none
                        && (block.bytes(1)[i] & 0xff) == none
                        && (block.bytes(2)[i] & 0xff) == none;
                if (empty || (alpha >= 0 && opacity[i] == 0)) {
                    missing[to + column] = true;
                }
            }
        }
    }
}
