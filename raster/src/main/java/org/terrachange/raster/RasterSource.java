package org.terrachange.raster;

import java.io.Closeable;
import java.util.Optional;
import java.util.OptionalDouble;

/// An image opened for reading by window. Nothing but the blocks that a window touches is read or kept.
///
/// Sources are safe to read from several threads at once and must be closed.
public interface RasterSource extends Closeable {

    /// What was opened, as it was given: a file's path, a URL or the name of a GDAL data set. For messages.
    String location();

    /// The reader that opened it, with its version where it is another library's: `TerraChange`, `GDAL 3.6.2`.
    String reader();

    /// Where the pixels lie.
    Grid grid();

    /// How the file stores them.
    Storage storage();

    /// The number of bands, masks and alpha included.
    int bands();

    /// The number format that all bands share.
    SampleType type();

    /// What a band shows, which decides the default choice of red, green and blue.
    BandRole role(int band);

    /// The value that marks a missing pixel, if the file names one.
    OptionalDouble nodata();

    /// The colours behind the samples of a band with the role [BandRole#PALETTE]; absent where there is none.
    default Optional<Palette> palette() {
        return Optional.empty();
    }

    /// The mask that the file holds beside its bands: one band, 0 where a pixel is missing, on the grid of this
    /// source and closed with it. A band of role [BandRole#ALPHA] is no mask in this sense.
    default Optional<RasterSource> mask() {
        return Optional.empty();
    }

    /// The coarsest stored copy whose pixels are at most `factor` times as wide and as high as those of this
    /// source, closed with this source; the source itself where it holds no reduced copy of use.
    ///
    /// @param factor at least 1
    /// @throws RasterException if the copy is damaged
    default RasterSource overview(double factor) throws RasterException {
        return this;
    }

    /// Reads a window of the chosen bands.
    ///
    /// @param window inside [Grid#window()]
    /// @param bands zero-based band numbers, in the order wanted; none for all
    /// @throws IndexOutOfBoundsException if the window or a band lies outside the raster
    /// @throws RasterException if the file is damaged there
    PixelBlock read(Window window, int... bands) throws RasterException;

    @Override
    void close() throws RasterException;

    /// The bands that a call of [#read] asks for, after checking that they and the window lie in the raster. For
    /// implementations.
    ///
    /// @param bands as given to [#read]; none for all
    /// @throws IndexOutOfBoundsException if the window or a band lies outside the raster
    static int[] checkedBands(RasterSource source, Window window, int... bands) {
        Grid grid = source.grid();
        if (window.x() < 0
                || window.y() < 0
                || (long) window.x() + window.width() > grid.width()
                || (long) window.y() + window.height() > grid.height()) {
            throw new IndexOutOfBoundsException("the window of " + window + " reaches beyond " + source.location()
                    + ", which has " + grid.width() + "x" + grid.height() + " pixels");
        }
        for (int band : bands) {
            if (band < 0 || band >= source.bands()) {
                throw new IndexOutOfBoundsException("band " + band + " is not in " + source.location() + ", which has "
                        + source.bands() + " bands");
            }
        }
        return bands.length > 0
                ? bands.clone()
                : java.util.stream.IntStream.range(0, source.bands()).toArray();
    }

    /// What a band shows.
    enum BandRole {
        GRAY,
        RED,
        GREEN,
        BLUE,
        ALPHA,
        PALETTE,
        UNDEFINED
    }

    /// How a file stores its pixels, for reports.
    ///
    /// @param format `GTiff`, `PNG`, `JPEG`
    /// @param compression `none`, `LZW`, `DEFLATE`, `JPEG`, ...
    /// @param layout `strip`, `tile` or `scanline`
    /// @param blockWidth columns of one block
    /// @param blockHeight rows of one block
    /// @param interleave `pixel` or `band`
    /// @param overviews number of reduced copies inside the file
    record Storage(
            String format,
            String compression,
            String layout,
            int blockWidth,
            int blockHeight,
            String interleave,
            int overviews) {}
}
