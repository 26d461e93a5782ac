package org.terrachange.raster.aoi;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.terrachange.raster.Crs;
import org.terrachange.raster.RasterException;

/// A vector file that polygons are read from, one at a time.
sealed interface PolygonFile permits GeoJsonPolygons, GeoPackagePolygons {

    /// Hands every polygon of the file to the sink, the parts of multipolygons one by one; other geometries are
    /// passed over.
    ///
    /// @throws IOException if the file is damaged or names a CRS that is not known, or if the sink fails
    void read(Sink sink) throws IOException;

    /// Takes the polygons of a file.
    @FunctionalInterface
    interface Sink {
        /// @param crs of the positions: x is easting or longitude, y northing or latitude
        void accept(Crs crs, Outline outline) throws IOException;
    }

    /// The reader for a file, chosen by its content, never by its name.
    ///
    /// @throws RasterException if the file is missing or of no supported format
    static PolygonFile of(Path file) throws RasterException {
        if (Files.notExists(file)) {
            throw new RasterException(file, "does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new RasterException(file, "is a folder; give the GeoJSON or GeoPackage file itself");
        }
        String head;
        try (InputStream in = Files.newInputStream(file)) {
            head = new String(in.readNBytes(64), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new RasterException(file, "cannot be read (" + e + ")", e);
        }
        if (head.startsWith("SQLite format 3\0")) {
            return new GeoPackagePolygons(file);
        }
        String utf8Mark = "\u00ef\u00bb\u00bf";
        if ((head.startsWith(utf8Mark) ? head.substring(3) : head)
                .stripLeading()
                .startsWith("{")) {
            return new GeoJsonPolygons(file);
        }
        throw new RasterException(
                file,
                "is neither GeoJSON nor a GeoPackage; convert it, for example with ogr2ogr -f GPKG area.gpkg "
                        + file.getFileName());
    }
}
