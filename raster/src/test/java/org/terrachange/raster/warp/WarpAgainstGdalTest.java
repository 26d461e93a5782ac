package org.terrachange.raster.warp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.raster.Gdal;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.rgb.ColourBlock;
import org.terrachange.raster.rgb.RasterColours;

/// Resampling onto another grid beside GDAL's warper, on a random landscape with detail at all scales.
///
/// For turned images GDAL is told that pixels keep their size: left to itself it compares enclosing rectangles,
/// takes the result for a reduced one and blurs it.
class WarpAgainstGdalTest {
    private static final String WARP = """
            import sys
            import numpy as np
            from osgeo import gdal, osr
            gdal.UseExceptions()
            folder, source, target, size, way, turn = sys.argv[1:]
            rng = np.random.default_rng(20)
            n = 512
            f = np.hypot(*np.meshgrid(np.fft.fftfreq(n), np.fft.fftfreq(n)))
            f[0, 0] = 1
            picture = []
            for _ in range(3):
                waves = np.fft.fft2(rng.standard_normal((n, n))) / f
                band = np.real(np.fft.ifft2(waves))
                band = (band - band.mean()) / band.std() * 45 + 128
                picture.append(np.clip(np.rint(band), 1, 255).astype(np.uint8))
            srs = osr.SpatialReference()
            srs.SetFromUserInput(source)
            wgs = osr.SpatialReference()
            wgs.ImportFromEPSG(4326)
            for s in (srs, wgs):
                s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
            x, y, _ = osr.CoordinateTransformation(wgs, srs).TransformPoint(14.3, 47.1)
            step = 6e-6 if srs.IsGeographic() else 0.6
            a = np.deg2rad(float(turn))
            file = gdal.GetDriverByName('GTiff').Create(folder + '/source.tif', n, n, 3, gdal.GDT_Byte)
            file.SetProjection(srs.ExportToWkt())
            file.SetGeoTransform((x, step * np.cos(a), step * np.sin(a), y, step * np.sin(a), -step * np.cos(a)))
            for i in range(3):
                file.GetRasterBand(i + 1).WriteArray(picture[i])
            file = None
            gdal.Warp(folder + '/warped.tif', folder + '/source.tif', dstSRS=target, xRes=float(size),
                yRes=float(size), resampleAlg=way, errorThreshold=0, dstNodata=0,
                warpOptions=['XSCALE=1', 'YSCALE=1'] if turn != '0' else [])
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "EPSG:32633, EPSG:4326, 6e-6, cubic, 0",
        "EPSG:32633, EPSG:4326, 6e-6, bilinear, 0",
        "EPSG:32633, EPSG:4326, 6e-6, near, 0",
        "EPSG:4326, EPSG:32633, 0.5, cubic, 0",
        "EPSG:3857, EPSG:32633, 0.7, bilinear, 0",
        "EPSG:32633, EPSG:3035, 0.5, cubic, 0",
        "EPSG:32633, EPSG:32633, 0.6, near, 20",
        "EPSG:32633, EPSG:32633, 0.6, cubic, 20",
        "EPSG:32633, EPSG:32633, 0.6, bilinear, -70",
        "EPSG:32633, EPSG:32633, 0.37, cubic, 0",
        "EPSG:32633, EPSG:32633, 1.7, cubic, 0",
        "EPSG:32633, EPSG:32633, 1.7, bilinear, 0",
        "EPSG:32633, EPSG:32633, 1.7, average, 0",
        "EPSG:32633, EPSG:32633, 4.1, average, 0"
    })
    void valuesAreThoseOfGdalToAFractionOfAGreyLevel(String source, String target, String size, String way, String turn)
            throws Exception {
        Gdal.python(List.of("-c", WARP, folder.toString(), source, target, size, way, turn));
        Interpolation interpolation = switch (way) {
            case "near" -> Interpolation.NEAREST;
            case "average" -> Interpolation.AREA;
            default -> Interpolation.parse(way);
        };
        try (RasterSource image = Rasters.open(folder.resolve("source.tif"));
                RasterSource gdal = Rasters.open(folder.resolve("warped.tif"))) {
            ColourBlock ours = WarpedColours.of(
                            RasterColours.of(image),
                            gdal.grid(),
                            PixelMap.between(gdal.grid(), image.grid()),
                            interpolation)
                    .read(gdal.grid().window());
            PixelBlock theirs = gdal.read(gdal.grid().window());
            double difference = 0;
            long compared = 0;
            long unlike = 0;
            int area = ours.missing().length;
            for (int i = 0; i < area; i++) {
                boolean absent = theirs.value(0, i) == 0;
                if (ours.missing()[i] != absent) {
                    unlike++;
                } else if (!absent) {
                    for (int band = 0; band < 3; band++) {
                        double value = Math.clamp(Math.floor(ours.planes()[band][i] + 0.5), 0, 255);
                        difference += Math.abs(value - theirs.value(band, i));
                        compared++;
                    }
                }
            }
            assertThat(compared).isGreaterThan(area);
            assertThat(difference / compared).isLessThan(0.5);
            // GDAL's average also fills pixels whose centre lies outside the image.
            assertThat(unlike).isLessThan(way.equals("average") ? area / 50 : area / 1000 + 10);
            System.out.printf(
                    "%s to %s at %s, %s, turned by %s: mean difference %.3f, %d of %d pixels missing in one only%n",
                    source, target, size, way, turn, difference / compared, unlike, area);
        }
    }
}
