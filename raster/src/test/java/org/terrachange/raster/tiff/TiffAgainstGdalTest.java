package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.Gdal;
import org.terrachange.raster.GdalComparison;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SharedData;

/// Files of many origins and files that GDAL writes on the spot, compared with GDAL property by property.
class TiffAgainstGdalTest {

    /// Every supported combination that GDAL can write: 37 x 53 pixels, so that edge blocks are cut.
    private static final String WRITE = """
            import sys, itertools, numpy
            from osgeo import gdal, osr
            gdal.UseExceptions()
            utm = osr.SpatialReference()
            utm.ImportFromEPSG(32619)
            folder = sys.argv[1]
            rng = numpy.random.RandomState(7)
            types = {'Byte': 'u1', 'UInt16': 'u2', 'Int16': 'i2', 'UInt32': 'u4', 'Int32': 'i4', 'UInt64': 'u8', 'Int64': 'i8', 'Float32': 'f4',
                     'Float64': 'f8'}
            driver = gdal.GetDriverByName('GTiff')
            i = 0
            for name, code in types.items():
                for compress in ['NONE', 'LZW', 'DEFLATE', 'ZSTD', 'PACKBITS']:
                    for predictor in (['1', '2'] + (['3'] if name.startswith('Float') else [])
                                      if compress in ('LZW', 'DEFLATE', 'ZSTD') else ['1']):
                        i += 1
                        options = ['COMPRESS=' + compress, 'TILED=' + ['YES', 'NO'][i % 2],
                                   'INTERLEAVE=' + ['PIXEL', 'BAND'][i // 2 % 2],
                                   'BIGTIFF=' + ['YES', 'NO'][i // 4 % 2], 'ENDIANNESS=' + ['BIG', 'LITTLE'][i // 3 % 2]]
                        options += ['BLOCKXSIZE=16', 'BLOCKYSIZE=32'] if i % 2 == 0 else ['BLOCKYSIZE=9']
                        if predictor != '1':
                            options.append('PREDICTOR=' + predictor)
                        d = driver.Create('%s/%s-%s-%s-%02d.tif' % (folder, name, compress, predictor, i), 37, 53, 3,
                                          gdal.GetDataTypeByName(name), options)
                        d.SetProjection(utm.ExportToWkt())
                        d.SetGeoTransform([500000, 0.5, 0, 2000000, 0, -0.5])
                        for band in range(3):
                            a = rng.normal(100, 40, (53, 37)).astype(code)
                            d.GetRasterBand(band + 1).WriteArray(a)
                        d.GetRasterBand(1).SetNoDataValue(100)
                        if i % 5 == 0:
                            d.SetMetadataItem('AREA_OR_POINT', 'Point')
                        d = None
            wave = numpy.add.outer(numpy.sin(numpy.arange(53) / 7), numpy.cos(numpy.arange(37) / 5)) * 60 + 120
            for bands in [1, 2, 3, 4]:
                for options in [['PHOTOMETRIC=YCBCR'] if bands == 3 else [], ['INTERLEAVE=BAND'], ['TILED=YES'],
                                ['JPEG_QUALITY=100'], ['JPEGTABLESMODE=0'], ['TILED=YES', 'BIGTIFF=YES',
                                 'JPEG_QUALITY=30'] + (['PHOTOMETRIC=YCBCR'] if bands == 3 else [])]:
                    i += 1
                    if 'TILED=YES' in options:
                        options = options + ['BLOCKXSIZE=32', 'BLOCKYSIZE=16']
                    d = driver.Create('%s/jpeg-%d-%02d.tif' % (folder, bands, i), 37, 53, bands, gdal.GDT_Byte,
                                      ['COMPRESS=JPEG'] + options)
                    for band in range(bands):
                        a = wave + rng.normal(0, 15, (53, 37)) + 10 * band
                        d.GetRasterBand(band + 1).WriteArray(a.clip(0, 255).astype('u1'))
                    d = None
            d = driver.Create(folder + '/sparse.tif', 100, 100, 2, gdal.GDT_Int16,
                              ['SPARSE_OK=YES', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16', 'COMPRESS=LZW'])
            d.GetRasterBand(1).SetNoDataValue(-5)
            d.GetRasterBand(1).WriteArray(numpy.ones((10, 10), 'i2'), 40, 40)
            d = None
            """;

    /// Files of the inventory where this reader means to differ from GDAL, and in what.
    private static final Map<String, Set<String>> INTENDED = Map.ofEntries(
            // GDAL cuts long strips into blocks of its own where no tag asks for it.
            Map.entry("image-tiff__int16_rgb.tif", Set.of("block")),
            Map.entry("image-tiff__int8_rgb.tif", Set.of("block")),
            Map.entry("twelvemonkeys__depth__flower-rgb-planar-32.tif", Set.of("block")),
            Map.entry("twelvemonkeys__lzw-colormap-iiobe.tif", Set.of("block")),
            // GDAL invents a palette for bilevel images.
            Map.entry("twelvemonkeys__scan-mono-iccgray.tif", Set.of("block", "roles")),
            Map.entry("twelvemonkeys__a33.tif", Set.of("roles")),
            Map.entry("image-tiff__tiled-gray-i1.tif", Set.of("roles")),
            // Two strips lack nothing but zlib's closing checksum.
            Map.entry("geotrellis__geotiff-test-files__jpeg-test-deflate-small.tif", Set.of("readable")));

    /// Files of the inventory that are not read, and why.
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("image-tiff__big_g4.tif", "is compressed with CCITT fax group 4"),
            Map.entry("twelvemonkeys__CCITTgetNextChangingElement.tif", "is compressed with CCITT fax group 4"),
            Map.entry("twelvemonkeys__ccitt__G32DS.tif", "is compressed with CCITT fax group 3"),
            Map.entry("twelvemonkeys__ccitt__group3_1d.tif", "is compressed with CCITT fax group 3"),
            Map.entry(
                    "twelvemonkeys__test-single-gray-compression-type-2.tiff",
                    "is compressed with CCITT modified Huffman"),
            Map.entry("image-tiff__cmyk-3c-32b-float.tiff", "holds CMYK colours"),
            Map.entry("image-tiff__cmyk-4c-8b.tiff", "holds CMYK colours"),
            Map.entry("twelvemonkeys__cmyk_jpeg_no_profile.tif", "holds CMYK colours"),
            Map.entry("twelvemonkeys__depth__flower-separated-contig-08.tif", "holds CMYK colours"),
            Map.entry("twelvemonkeys__planar-yuv420-jpeg-lzw.tif", "holds YCbCr colours"),
            Map.entry("twelvemonkeys__jpeg-lossless-8bit-gray.tif", "is compressed with lossless JPEG"),
            Map.entry("twelvemonkeys__grayscale-old-style-jpeg.tiff", "is compressed with old-style JPEG"),
            Map.entry("twelvemonkeys__smallliz.tif", "is compressed with old-style JPEG"),
            Map.entry(
                    "twelvemonkeys__old-style-jpeg-bogus-jpeginterchangeformatlength.tif",
                    "is compressed with old-style JPEG"),
            // GDAL cannot read it either.
            Map.entry("rasterio__corrupt.tif", "is truncated or damaged"));

    @TempDir
    private Path folder;

    @Test
    void everyFileOfTheInventoryIsReadAsGdalReadsItOrRefused() throws Exception {
        Path inventory = SharedData.require("geotiff");
        List<Path> files = tiffs(inventory);
        Map<Path, Gdal.Description> expected = Gdal.describe(files);
        var different = new TreeMap<String, Set<String>>();
        var refused = new TreeMap<String, String>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            try (RasterSource source = Rasters.open(file)) {
                Map<String, String> differences = GdalComparison.differences(source, expected.get(file));
                if (!differences.isEmpty()) {
                    different.put(name, differences.keySet());
                }
            } catch (RasterException e) {
                assertThat(e).hasMessageStartingWith(file + ": ");
                refused.put(name, e.problem());
            }
        }

        assertThat(different).isEqualTo(INTENDED);
        assertThat(refused.keySet()).isEqualTo(REFUSED.keySet());
        assertThat(refused)
                .allSatisfy((name, problem) ->
                        assertThat(problem).as(name).startsWith(Objects.requireNonNull(REFUSED.get(name))));
    }

    @Test
    void everyCombinationThatGdalWritesIsReadAsGdalReadsIt() throws Exception {
        Gdal.python(List.of("-c", WRITE, folder.toString()));
        List<Path> files = tiffs(folder);
        assertThat(files).hasSizeGreaterThan(40);

        assertAllEqual(files);
    }

    @Test
    void theSharedScenesAreReadAsGdalReadsThem() throws Exception {
        assertAllEqual(List.of(
                SharedData.require("scenes/puerto-rico/before.tif"),
                SharedData.require("scenes/puerto-rico/after.tif"),
                SharedData.require("scenes/joplin/before_utm15_nad83.tif"),
                SharedData.require("scenes/joplin/after_wgs84.tif")));
    }

    private static void assertAllEqual(List<Path> files) throws IOException, InterruptedException {
        Map<Path, Gdal.Description> expected = Gdal.describe(files);
        for (Path file : files) {
            try (RasterSource source = Rasters.open(file)) {
                assertThat(GdalComparison.differences(source, expected.get(file)))
                        .as(file.toString())
                        .isEmpty();
            }
        }
    }

    private static List<Path> tiffs(Path folder) throws IOException {
        try (var list = Files.list(folder)) {
            return list.filter(file -> file.toString().matches(".*\\.tiff?"))
                    .sorted()
                    .toList();
        }
    }
}
