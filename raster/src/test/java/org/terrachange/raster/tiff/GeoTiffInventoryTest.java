package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Gdal;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SharedData;

/// Every TIFF of the shared inventory, against GDAL.
class GeoTiffInventoryTest {

    @Test
    void everyFileIsReadAsGdalReadsItOrRefusedInOneLine() throws Exception {
        Path folder = SharedData.require("geotiff");
        List<Path> files;
        try (var list = Files.list(folder)) {
            files = list.filter(f -> f.toString().matches(".*\\.tiff?"))
                    .sorted()
                    .toList();
        }
        Map<Path, Gdal.Description> expected = Gdal.describe(files);
        var refused = new ArrayList<String>();
        var different = new ArrayList<String>();
        int equal = 0;
        for (Path file : files) {
            try (RasterSource source = Rasters.open(file)) {
                List<String> differences = differences(source, expected.get(file));
                if (differences.isEmpty()) {
                    equal++;
                } else {
                    different.add(file.getFileName() + " " + differences);
                }
            } catch (RasterException e) {
                refused.add(String.valueOf(e.getMessage()).replace(folder + "/", ""));
            }
        }
        System.out.println("equal " + equal + ", refused " + refused.size());
        refused.forEach(System.out::println);
        different.forEach(System.out::println);
        assertThat(different).isEmpty();
    }

    private static List<String> differences(RasterSource source, Gdal.@Nullable Description gdal) throws IOException {
        if (gdal == null) {
            return List.of("GDAL cannot read it");
        }
        var found = new ArrayList<String>();
        compare(found, "width", source.grid().width(), gdal.width());
        compare(found, "height", source.grid().height(), gdal.height());
        compare(found, "bands", source.bands(), gdal.checksums().size());
        compare(
                found,
                "type",
                source.type().label(),
                gdal.type().replace("Byte", "uint8").toLowerCase(Locale.ROOT));
        compare(found, "blockWidth", source.storage().blockWidth(), gdal.blockWidth());
        compare(found, "blockHeight", source.storage().blockHeight(), gdal.blockHeight());
        compare(
                found,
                "interleave",
                source.storage().interleave(),
                gdal.interleave().toLowerCase(Locale.ROOT));
        compare(found, "compression", source.storage().compression(), gdal.compression());
        compare(found, "crs", source.grid().crs().isPresent(), gdal.crs());
        compare(
                found,
                "nodata",
                source.nodata().isPresent() ? source.nodata().getAsDouble() : "",
                gdal.nodata().isEmpty() ? "" : Double.valueOf(gdal.nodata().replace("nan", "NaN")));
        List<Double> t = source.grid()
                .transform()
                .map(GeoTiffInventoryTest::coefficients)
                .orElse(List.of());
        compare(found, "transform size", t.size(), gdal.transform().size());
        for (int i = 0; i < Math.min(t.size(), gdal.transform().size()); i++) {
            double wanted = gdal.transform().get(i);
            if (Math.abs(t.get(i) - wanted) > 1e-12 * Math.abs(wanted)) {
                found.add("transform[" + i + "] " + t.get(i) + " instead of " + wanted);
            }
        }
        List<String> roles = new ArrayList<>();
        for (int band = 0; band < source.bands(); band++) {
            roles.add(source.role(band).name());
        }
        compare(
                found,
                "roles",
                roles,
                gdal.roles().stream().map(r -> r.toUpperCase(Locale.ROOT)).toList());
        PixelBlock pixels = source.read(source.grid().window());
        List<String> sums = new ArrayList<>();
        for (int band = 0; band < source.bands(); band++) {
            sums.add(checksum(pixels, band));
        }
        compare(found, "pixels", sums, gdal.checksums());
        return found;
    }

    private static void compare(List<String> found, String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            found.add(what + " " + actual + " instead of " + expected);
        }
    }

    private static List<Double> coefficients(Affine t) {
        return List.of(t.c(), t.a(), t.b(), t.f(), t.d(), t.e());
    }

    private static String checksum(PixelBlock block, int band) {
        int area = (int) block.window().area();
        ByteBuffer bytes = ByteBuffer.allocate(area * block.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (block.type()) {
            case UINT8, INT8 -> bytes.put(block.bytes(band));
            case UINT16, INT16 -> bytes.asShortBuffer().put(block.shorts(band));
            case UINT32, INT32 -> bytes.asIntBuffer().put(block.ints(band));
            case FLOAT32 -> bytes.asFloatBuffer().put(block.floats(band));
            case FLOAT64 -> bytes.asDoubleBuffer().put(block.doubles(band));
        }
        var crc = new CRC32();
        crc.update(bytes.array());
        return Long.toHexString(crc.getValue());
    }
}
