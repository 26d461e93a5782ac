package org.terrachange.server.storage;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.polygon.SceneLonLat;

/// What an image is, as the REST interface tells it.
///
/// @param ref names the image in requests
/// @param name for people
/// @param bytes of the file
/// @param format `GTiff`, `PNG` or `JPEG`
/// @param width columns
/// @param height rows
/// @param bands masks and alpha included
/// @param sampleType such as `uint8`
/// @param crs name of its coordinate reference system
/// @param pixelSize width and height of a pixel in units of the CRS
/// @param boundsLonlat west, south, east and north in degrees, as [LonLatBox] has them
/// @param georeferenced whether its place on the ground is known
/// @param preview address of a small picture
public record ImageDescription(
        String ref,
        String name,
        long bytes,
        String format,
        int width,
        int height,
        int bands,
        String sampleType,
        Optional<String> crs,
        Optional<List<Double>> pixelSize,
        Optional<List<Double>> boundsLonlat,
        boolean georeferenced,
        String preview) {

    /// @param source the image, open
    /// @param bytes of its file
    public static ImageDescription of(StoredImage image, RasterSource source, long bytes, String preview) {
        Grid grid = source.grid();
        return new ImageDescription(
                image.ref().toString(),
                image.name(),
                bytes,
                source.storage().format(),
                grid.width(),
                grid.height(),
                source.bands(),
                source.type().name().toLowerCase(Locale.ROOT),
                grid.crs().map(Crs::name),
                grid.transform().map(t -> List.of(t.pixelWidth(), t.pixelHeight())),
                bounds(grid).map(LonLatBox::edges),
                grid.isGeoreferenced(),
                preview);
    }

    /// The longitudes and latitudes of a grid's edges, in degrees; absent where they cannot be told.
    public static Optional<LonLatBox> bounds(Grid grid) {
        if (!grid.isGeoreferenced()) {
            return Optional.empty();
        }
        try {
            SceneLonLat lonLat = SceneLonLat.of(grid);
            Affine map = grid.transform().orElseThrow();
            Envelope box = new Envelope();
            // Edges that are straight in the CRS are curved on the globe.
            int steps = 8;
            for (int i = 0; i <= steps; i++) {
                double column = grid.width() * (double) i / steps;
                double row = grid.height() * (double) i / steps;
                for (double[] at :
                        new double[][] {{column, 0}, {column, grid.height()}, {0, row}, {grid.width(), row}}) {
                    box.expandToInclude(lonLat.apply(new Coordinate(map.x(at[0], at[1]), map.y(at[0], at[1]))));
                }
            }
            return Double.isFinite(box.getWidth()) && Double.isFinite(box.getHeight())
                    ? Optional.of(LonLatBox.of(box))
                    : Optional.empty();
        } catch (CrsException | UncheckedIOException _) {
            return Optional.empty();
        }
    }
}
