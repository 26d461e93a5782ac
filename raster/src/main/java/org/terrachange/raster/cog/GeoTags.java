package org.terrachange.raster.cog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.terrachange.raster.Affine;
import org.terrachange.raster.GeoKeys;
import org.terrachange.raster.Grid;

/// Says in TIFF fields where a raster lies (OGC 19-008r4).
final class GeoTags {
    private static final int MODEL_PIXEL_SCALE = 33550;
    private static final int MODEL_TIEPOINT = 33922;
    private static final int MODEL_TRANSFORMATION = 34264;
    private static final int GEO_KEY_DIRECTORY = 34735;
    private static final int GEO_DOUBLE_PARAMS = 34736;
    private static final int GEO_ASCII_PARAMS = 34737;
    private static final int RASTER_TYPE_KEY = 1025;
    private static final int PIXEL_IS_AREA = 1;

    private GeoTags() {}

    static void put(Grid grid, TiffDirectory directory) {
        grid.transform().ifPresent(transform -> putTransform(transform, directory));
        grid.crs().ifPresent(crs -> putKeys(crs.geoKeys(), directory));
    }

    private static void putTransform(Affine t, TiffDirectory directory) {
        if (t.isNorthUp()) {
            directory.putDoubles(MODEL_PIXEL_SCALE, t.a(), -t.e(), 0);
            directory.putDoubles(MODEL_TIEPOINT, 0, 0, 0, t.c(), t.f(), 0);
        } else {
            directory.putDoubles(
                    MODEL_TRANSFORMATION, t.a(), t.b(), 0, t.c(), t.d(), t.e(), 0, t.f(), 0, 0, 0, 0, 0, 0, 0, 1);
        }
    }

    private static void putKeys(GeoKeys keys, TiffDirectory directory) {
        directory.putShorts(
                GEO_KEY_DIRECTORY,
                asArea(keys.directory()).stream().mapToInt(i -> i).toArray());
        if (!keys.doubles().isEmpty()) {
            directory.putDoubles(
                    GEO_DOUBLE_PARAMS,
                    keys.doubles().stream().mapToDouble(d -> d).toArray());
        }
        if (!keys.ascii().isEmpty()) {
            // One byte a character, because the keys count bytes.
            directory.putText(GEO_ASCII_PARAMS, keys.ascii(), StandardCharsets.ISO_8859_1);
        }
    }

    /// The same keys with a raster type that fits an [Affine], which starts at the corner of the first pixel;
    /// the image they come from may have counted from its centre.
    private static List<Integer> asArea(List<Integer> keys) {
        List<Integer> area = new ArrayList<>();
        boolean placed = false;
        for (int at = 4; at + 3 < keys.size(); at += 4) {
            int key = keys.get(at);
            if (key >= RASTER_TYPE_KEY && !placed) {
                area.addAll(List.of(RASTER_TYPE_KEY, 0, 1, PIXEL_IS_AREA));
                placed = true;
            }
            if (key != RASTER_TYPE_KEY) {
                area.addAll(keys.subList(at, at + 4));
            }
        }
        if (!placed) {
            area.addAll(List.of(RASTER_TYPE_KEY, 0, 1, PIXEL_IS_AREA));
        }
        int minorRevision = keys.size() > 2 ? keys.get(2) : 0;
        area.addAll(0, List.of(1, 1, minorRevision, area.size() / 4));
        return area;
    }
}
