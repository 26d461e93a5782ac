package org.terrachange.detect.scene;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.Window;
import org.terrachange.raster.rgb.RgbView;

/// Two images of one place on one grid, opened for reading by window.
public final class ScenePair implements Closeable {
    private final RasterSource before;
    private final RasterSource after;
    private final RgbView beforeColours;
    private final RgbView afterColours;

    private ScenePair(RasterSource before, RasterSource after) throws IOException {
        this.before = before;
        this.after = after;
        beforeColours = new RgbView(before);
        afterColours = new RgbView(after);
        requireOneGrid();
    }

    /// Opens both images.
    ///
    /// @throws org.terrachange.raster.RasterException if one cannot be read
    /// @throws SceneException if they do not lie on one grid, or are not 8-bit images
    public static ScenePair open(Path before, Path after) throws IOException {
        RasterSource first = Rasters.open(before);
        try {
            RasterSource second = Rasters.open(after);
            try {
                return new ScenePair(first, second);
            } catch (IOException e) {
                second.close();
                throw e;
            }
        } catch (IOException e) {
            first.close();
            throw e;
        }
    }

    private void requireOneGrid() throws SceneException {
        Grid a = before.grid();
        Grid b = after.grid();
        if (a.sameAs(b)) {
            return;
        }
        String both = before.location() + " and " + after.location();
        if (a.width() != b.width() || a.height() != b.height()) {
            throw new SceneException(both + " differ in size: " + a.width() + "x" + a.height() + " and " + b.width()
                    + "x" + b.height() + " pixels; bring them onto one grid first, for example with gdalwarp");
        }
        if (a.isGeoreferenced() != b.isGeoreferenced()) {
            throw new SceneException(
                    both + ": only one of them says where on the ground it lies; georeference both, or" + " neither");
        }
        if (!a.crs().equals(b.crs())) {
            throw new SceneException(both + " differ in CRS: "
                    + a.crs().map(Crs::name).orElse("none") + " and "
                    + b.crs().map(Crs::name).orElse("none") + "; bring them onto one grid first, for example with"
                    + " gdalwarp");
        }
        throw new SceneException(both
                + " have the same size and CRS but cover different ground: their upper left corners"
                + " are at " + corner(a) + " and " + corner(b) + "; bring them onto one grid first, for example with"
                + " gdalwarp");
    }

    private static String corner(Grid grid) {
        Affine map = grid.transform().orElse(Affine.IDENTITY);
        return "(" + map.c() + ", " + map.f() + ")";
    }

    public String beforeLocation() {
        return before.location();
    }

    public String afterLocation() {
        return after.location();
    }

    /// The grid of both images, and of every result.
    public Grid grid() {
        return before.grid();
    }

    /// The pixels of a window of both dates, padded by reflection at its right and lower edge.
    ///
    /// @param window inside [#grid]
    /// @param paddedWidth columns of the result, at least those of the window
    /// @param paddedHeight rows of the result, at least those of the window
    public Patch read(Window window, int paddedWidth, int paddedHeight) throws IOException {
        int area = paddedWidth * paddedHeight;
        Patch patch =
                new Patch(window, paddedWidth, paddedHeight, new byte[3 * area], new byte[3 * area], new boolean[area]);
        beforeColours.read(window, patch.before(), paddedWidth, paddedHeight, patch.missing());
        afterColours.read(window, patch.after(), paddedWidth, paddedHeight, patch.missing());
        patch.reflect();
        return patch;
    }

    @Override
    public void close() throws IOException {
        try (before;
                after) {
            // Closing both, whichever fails.
        }
    }

    /// A piece of both dates.
    ///
    /// @param window the pixels of the scene that it shows
    /// @param width columns, padding included
    /// @param height rows, padding included
    /// @param before 8-bit RGB, planar
    /// @param after the same
    /// @param missing whether a pixel is missing in either date; the padding is never missing
    public record Patch(Window window, int width, int height, byte[] before, byte[] after, boolean[] missing) {

        private void reflect() {
            for (byte[] image : new byte[][] {before, after}) {
                for (int band = 0; band < 3; band++) {
                    int plane = band * width * height;
                    for (int y = 0; y < height; y++) {
                        int from = plane + mirrored(y, window.height()) * width;
                        int to = plane + y * width;
                        if (y >= window.height()) {
                            System.arraycopy(image, from, image, to, window.width());
                        }
                        for (int x = window.width(); x < width; x++) {
                            image[to + x] = image[to + mirrored(x, window.width())];
                        }
                    }
                }
            }
        }

        private static int mirrored(int at, int length) {
            int inside = at % (2 * length);
            return inside < length ? inside : 2 * length - 1 - inside;
        }
    }
}
