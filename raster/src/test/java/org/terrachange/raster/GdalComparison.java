package org.terrachange.raster;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Compares a source with what GDAL says of the same file.
public final class GdalComparison {
    private GdalComparison() {}

    /// Every property that differs, by name, with both values.
    ///
    /// @throws RasterException if the pixels cannot be read, whether or not GDAL reads them
    public static Map<String, String> differences(RasterSource source, Gdal.@Nullable Description gdal)
            throws RasterException {
        var found = new LinkedHashMap<String, String>();
        PixelBlock pixels = source.read(source.grid().window());
        if (gdal == null) {
            found.put("readable", "yes instead of no");
            return found;
        }
        RasterSource.Storage storage = source.storage();
        Grid grid = source.grid();
        compare(found, "size", grid.width() + "x" + grid.height(), gdal.width() + "x" + gdal.height());
        compare(found, "bands", source.bands(), gdal.checksums().size());
        compare(
                found,
                "type",
                source.type().label(),
                gdal.type().replace("Byte", "uint8").toLowerCase(Locale.ROOT));
        compare(
                found,
                "block",
                storage.blockWidth() + "x" + storage.blockHeight(),
                gdal.blockWidth() + "x" + gdal.blockHeight());
        compare(found, "interleave", storage.interleave(), gdal.interleave().toLowerCase(Locale.ROOT));
        compare(found, "compression", storage.compression(), gdal.compression());
        compare(found, "crs", grid.crs().isPresent(), gdal.crs());
        compare(
                found,
                "nodata",
                source.nodata().isPresent() ? source.nodata().getAsDouble() : "none",
                gdal.nodata().isEmpty() ? "none" : Double.valueOf(gdal.nodata().replace("nan", "NaN")));
        compareTransforms(found, grid, gdal.transform());
        List<String> roles = new ArrayList<>();
        for (int band = 0; band < source.bands(); band++) {
            roles.add(source.role(band).name());
        }
        compare(
                found,
                "roles",
                roles,
                gdal.roles().stream().map(role -> role.toUpperCase(Locale.ROOT)).toList());
        List<String> sums = new ArrayList<>();
        for (int band = 0; band < source.bands(); band++) {
            sums.add(checksum(pixels, band));
        }
        compare(found, "pixels", sums, gdal.checksums());
        return found;
    }

    private static void compareTransforms(Map<String, String> found, Grid grid, List<Double> gdal) {
        List<Double> ours = grid.transform()
                .map(t -> List.of(t.c(), t.a(), t.b(), t.f(), t.d(), t.e()))
                .orElse(List.of());
        boolean same = ours.size() == gdal.size();
        for (int i = 0; same && i < gdal.size(); i++) {
            same = Math.abs(ours.get(i) - gdal.get(i)) <= 1e-12 * Math.abs(gdal.get(i));
        }
        if (!same) {
            found.put("transform", ours + " instead of " + gdal);
        }
    }

    private static void compare(Map<String, String> found, String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            found.put(what, actual + " instead of " + expected);
        }
    }

    /// CRC-32 of the little-endian samples of a band.
    private static String checksum(PixelBlock block, int band) {
        int area = (int) block.window().area();
        ByteBuffer bytes = ByteBuffer.allocate(area * block.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (block.type()) {
            case UINT8, INT8 -> bytes.put(block.bytes(band));
            case UINT16, INT16 -> bytes.asShortBuffer().put(block.shorts(band));
            case UINT32, INT32 -> bytes.asIntBuffer().put(block.ints(band));
            case UINT64, INT64 -> bytes.asLongBuffer().put(block.longs(band));
            case FLOAT32 -> bytes.asFloatBuffer().put(block.floats(band));
            case FLOAT64 -> bytes.asDoubleBuffer().put(block.doubles(band));
        }
        var crc = new CRC32();
        crc.update(bytes.array());
        return Long.toHexString(crc.getValue());
    }
}
