package org.terrachange.raster.tiff;

import java.util.List;
import java.util.Optional;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.GeoKeys;
import org.terrachange.raster.RasterException;

/// What the GeoTIFF tags of a directory say of its place on the ground (OGC 19-008r4).
final class GeoTags {
    private static final int MODEL_TYPE = 1024;
    private static final int RASTER_TYPE = 1025;
    private static final int GEODETIC_CRS = 2048;
    private static final int PROJECTED_CRS = 3072;
    private static final int PIXEL_IS_POINT = 2;

    private final Directory directory;
    private final List<Integer> keys;

    GeoTags(Directory directory) throws RasterException {
        this.directory = directory;
        this.keys = directory.numbers(Directory.GEO_KEY_DIRECTORY).stream()
                .map(Long::intValue)
                .toList();
    }

    /// The map from pixel corners to ground coordinates. A file of ground control points has none.
    ///
    /// Where the file says that its coordinates mean pixel centres, they are moved by half a pixel, as GDAL does.
    ///
    /// @throws RasterException if the tags describe pixels without an area
    Optional<Affine> transform() throws RasterException {
        List<Double> scale = directory.doubles(Directory.MODEL_PIXEL_SCALE);
        List<Double> tiepoint = directory.doubles(Directory.MODEL_TIEPOINT);
        List<Double> matrix = directory.doubles(Directory.MODEL_TRANSFORMATION);
        try {
            Affine transform;
            if (scale.size() >= 2 && tiepoint.size() >= 6 && scale.get(0) != 0 && scale.get(1) != 0) {
                // The scale is a size; rows run against the second axis whatever its sign (as GDAL reads it).
                Affine pixel = new Affine(scale.get(0), 0, 0, 0, -Math.abs(scale.get(1)), 0);
                transform = new Affine(
                        pixel.a(),
                        0,
                        tiepoint.get(3) - pixel.x(tiepoint.get(0), 0),
                        0,
                        pixel.e(),
                        tiepoint.get(4) - pixel.y(0, tiepoint.get(1)));
            } else if (matrix.size() == 16) {
                transform = new Affine(
                        matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4), matrix.get(5), matrix.get(7));
            } else {
                return Optional.empty();
            }
            if (!Double.isFinite(transform.c()) || !Double.isFinite(transform.f())) {
                throw new IllegalArgumentException(
                        "the origin (" + transform.c() + ", " + transform.f() + ") is no place on the ground");
            }
            return Optional.of(key(RASTER_TYPE) == PIXEL_IS_POINT ? transform.shifted(-0.5, -0.5) : transform);
        } catch (IllegalArgumentException e) {
            throw directory.file().error("has damaged georeferencing: " + e.getMessage());
        }
    }

    /// The coordinate reference system, where the file names one.
    ///
    /// @throws RasterException if its description makes no sense
    Optional<Crs> crs() throws RasterException {
        if (key(MODEL_TYPE) == 0 && key(GEODETIC_CRS) == 0 && key(PROJECTED_CRS) == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Crs.ofGeoKeys(new GeoKeys(
                    keys, directory.doubles(Directory.GEO_DOUBLE_PARAMS), directory.text(Directory.GEO_ASCII_PARAMS))));
        } catch (IllegalArgumentException e) {
            throw directory
                    .file()
                    .error("describes a coordinate reference system that cannot be used: " + e.getMessage());
        }
    }

    /// The value of a key that is stored in the directory itself, 0 where it is absent.
    private int key(int id) {
        for (int i = 4; i + 3 < keys.size(); i += 4) {
            if (keys.get(i) == id && keys.get(i + 1) == 0) {
                return keys.get(i + 3);
            }
        }
        return 0;
    }
}
