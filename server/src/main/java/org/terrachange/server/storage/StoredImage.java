package org.terrachange.server.storage;

import java.nio.file.Path;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.server.web.Refusal;

/// An image that a request named and that is here.
///
/// @param ref how it was named
/// @param file where it is; not for answers
/// @param name for people: of the file that was uploaded, or its place in the served folder
/// @param content what it is
public record StoredImage(ImageRef ref, Path file, String name, ImageContent content) {

    /// The longest side of an image that is taken: memory holds strips of an image's whole width.
    private static final int LONGEST_SIDE = 200_000;

    /// Opens it under its name for people; the caller closes it.
    ///
    /// @param mostPixels width times height of the largest image that is taken
    /// @throws RasterException if it is damaged
    /// @throws Refusal with 422 if it is too large
    public RasterSource open(long mostPixels) throws RasterException {
        RasterSource source;
        try {
            source = content.open(file);
        } catch (RasterException e) {
            throw NamedSource.named(name, e);
        }
        try {
            requireSize(name, source.grid(), mostPixels);
        } catch (Refusal e) {
            source.close();
            throw e;
        }
        return new NamedSource(source, name);
    }

    /// Refuses what is too large to be worked on.
    ///
    /// @param what has the size, for people
    /// @throws Refusal with 422
    public static void requireSize(String what, Grid grid, long mostPixels) {
        long pixels = (long) grid.width() * grid.height();
        if (pixels > mostPixels || Math.max(grid.width(), grid.height()) > LONGEST_SIDE) {
            throw Refusal.unprocessable(what + ": has " + grid.width() + " x " + grid.height()
                    + " pixels; this server takes up to " + mostPixels + " in all and " + LONGEST_SIDE + " a side");
        }
    }
}
