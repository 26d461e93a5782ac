package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Gdal;
import org.terrachange.raster.Palette;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SharedData;
import org.terrachange.raster.UnsupportedFormatException;

/// Palettes, masks, overviews and the files beside a TIFF.
class TiffCompanionsTest {

    /// Writes one file of each kind and prints what GDAL reads: name, mask sum, overview sizes, their sums, palette.
    private static final String WRITE_AND_READ = """
            import sys, os, shutil, numpy
            from osgeo import gdal
            gdal.UseExceptions()
            folder = sys.argv[1]
            rng = numpy.random.RandomState(3)
            def create(name, bands=1, options=[]):
                d = gdal.GetDriverByName('GTiff').Create(folder + '/' + name, 90, 70, bands, gdal.GDT_Byte, options)
                for b in range(bands):
                    d.GetRasterBand(b + 1).WriteArray(rng.randint(0, 255, (70, 90)).astype('u1'))
                return d
            def mask(d):
                d.CreateMaskBand(gdal.GMF_PER_DATASET)
                m = d.GetRasterBand(1).GetMaskBand()
                m.WriteArray(((rng.randint(0, 3, (70, 90)) > 0) * 255).astype('u1'))
                m.FlushCache()
            for internal in ['YES', 'NO']:
                gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', internal)
                name = 'internal.tif' if internal == 'YES' else 'external.tif'
                d = create(name, 3, ['TILED=YES', 'COMPRESS=DEFLATE', 'PHOTOMETRIC=RGB'])
                mask(d)
                d = None
                d = gdal.Open(folder + '/' + name, gdal.GA_Update if internal == 'YES' else gdal.GA_ReadOnly)
                d.BuildOverviews('NEAREST', [2, 4])
                d = None
            table = gdal.ColorTable()
            for i in range(256):
                table.SetColorEntry(i, (i, 255 - i, i * 7 % 256, 255))
            d = create('palette.tif')
            d.GetRasterBand(1).SetColorTable(table)
            d.GetRasterBand(1).SetNoDataValue(3)
            d = None
            for name in ['internal.tif', 'external.tif', 'palette.tif']:
                d = gdal.Open(folder + '/' + name)
                b = d.GetRasterBand(1)
                sizes = []
                for i in range(b.GetOverviewCount()):
                    o = b.GetOverview(i)
                    sizes.append('%d %d %d' % (o.XSize, o.YSize, o.ReadAsArray().astype('i8').sum()))
                ct = b.GetColorTable()
                colours = [] if ct is None else [ct.GetColorEntry(i) for i in range(ct.GetCount())]
                masked = (b.GetMaskBand().ReadAsArray() > 0).sum() if b.GetMaskFlags() == gdal.GMF_PER_DATASET else -1
                print('\\t'.join([name, str(masked), ','.join(sizes),
                    ' '.join('%d' % (((c[3] << 24) | (c[0] << 16) | (c[1] << 8) | c[2])) for c in colours)]))
                b = d = None
            """;

    @TempDir
    private Path folder;

    @Test
    void masksOverviewsAndPalettesEqualThoseOfGdal() throws Exception {
        for (String line : Gdal.python(List.of("-c", WRITE_AND_READ, folder.toString()))) {
            String[] gdal = line.split("\t", -1);
            try (RasterSource source = Rasters.open(folder.resolve(gdal[0]))) {
                assertThat(source.mask().isPresent() ? nonzero(source.mask().get()) : -1)
                        .as("valid pixels of %s", gdal[0])
                        .isEqualTo(Long.parseLong(gdal[1]));
                String[] overviews = gdal[2].isEmpty() ? new String[0] : gdal[2].split(",");
                assertThat(source.storage().overviews()).as(gdal[0]).isEqualTo(overviews.length);
                for (int i = 0; i < overviews.length; i++) {
                    RasterSource overview = source.overview(2 << i);
                    assertThat(overview.grid().width() + " " + overview.grid().height() + " " + sum(overview))
                            .isEqualTo(overviews[i]);
                    assertThat(overview.mask()).as("mask of an overview").isPresent();
                }
                int[] colours =
                        source.palette().map(TiffCompanionsTest::colours).orElse(new int[0]);
                assertThat(String.join(
                                " ",
                                Arrays.stream(colours)
                                        .mapToObj(Integer::toUnsignedString)
                                        .toList()))
                        .isEqualTo(gdal[3]);
            }
        }
    }

    @Test
    void theMaskOfAJpegSceneEqualsThatOfGdal() throws Exception {
        Path file = SharedData.require("geotiff/rio-cogeo__image_geos.tif");
        List<String> gdal = Gdal.python(List.of(
                "-c",
                "import sys\nfrom osgeo import gdal\nd = gdal.Open(sys.argv[1])\n"
                        + "print((d.GetRasterBand(1).GetMaskBand().ReadAsArray() > 0).sum())",
                file.toString()));
        try (RasterSource source = Rasters.open(file)) {
            assertThat(nonzero(source.mask().orElseThrow())).isEqualTo(Long.parseLong(gdal.getFirst()));
            assertThat(source.overview(4).grid().width()).isEqualTo(225);
            assertThat(source.overview(4).mask().orElseThrow().grid().width()).isEqualTo(225);
        }
    }

    @Test
    void theCoarsestOverviewThatIsFineEnoughIsChosen() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(64, 64, new byte[64 * 64])
                .image(32, 32, new byte[32 * 32])
                .number(Directory.NEW_SUBFILE_TYPE, 1)
                .image(8, 8, new byte[64])
                .number(Directory.NEW_SUBFILE_TYPE, 1)
                .image(16, 16, new byte[3 * 256])
                .number(Directory.NEW_SUBFILE_TYPE, 1)
                .number(Directory.SAMPLES_PER_PIXEL, 3)
                .number(Directory.BITS_PER_SAMPLE, 8, 8, 8)
                .write(folder.resolve("levels.tif"));
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.overview(1)).isSameAs(source);
            assertThat(source.overview(1.9)).isSameAs(source);
            assertThat(source.overview(2).grid().width()).isEqualTo(32);
            assertThat(source.overview(7).grid().width())
                    .as("the thumbnail in colours is no copy")
                    .isEqualTo(32);
            assertThat(source.overview(1000).grid().width()).isEqualTo(8);
            assertThat(source.overview(2).overview(4).grid().width()).isEqualTo(8);
            assertThat(source.overview(8).overview(8).grid().width()).isEqualTo(8);
            assertThatThrownBy(() -> source.overview(0.5)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anOverviewWithoutTheMaskOfItsImageIsNotUsed() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(4, 4, new byte[16])
                .image(4, 4, new byte[16])
                .number(Directory.NEW_SUBFILE_TYPE, 4)
                .image(2, 2, new byte[4])
                .number(Directory.NEW_SUBFILE_TYPE, 1)
                .write(folder.resolve("unmasked.tif"));
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.mask()).isPresent();
            assertThat(source.overview(2)).isSameAs(source);
        }
    }

    @Test
    void masksAndOverviewsCloseWithTheirSource() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(4, 4, new byte[16])
                .image(4, 4, new byte[] {(byte) 0xf0, 0, 0, 0})
                .number(Directory.NEW_SUBFILE_TYPE, 4)
                .number(Directory.BITS_PER_SAMPLE, 1)
                .image(2, 2, new byte[4])
                .number(Directory.NEW_SUBFILE_TYPE, 1)
                .image(2, 2, new byte[4])
                .number(Directory.NEW_SUBFILE_TYPE, 5)
                .write(folder.resolve("close.tif"));
        RasterSource source = Rasters.open(file);
        RasterSource mask = source.mask().orElseThrow();
        RasterSource overview = source.overview(2);
        overview.close();
        mask.close();
        assertThat(nonzero(mask)).as("closing a part leaves the file open").isEqualTo(4);
        source.close();

        assertThatThrownBy(() -> mask.read(mask.grid().window())).isInstanceOf(RasterException.class);
        assertThatThrownBy(() -> overview.read(overview.grid().window())).isInstanceOf(RasterException.class);
    }

    @Test
    void aMaskOfAnotherSizeBesideTheFileIsRefusedByName() throws IOException {
        Path file = TiffBytes.littleEndian().image(4, 4, new byte[16]).write(folder.resolve("scene.tif"));
        TiffBytes.littleEndian().image(3, 3, new byte[9]).write(folder.resolve("scene.tif.msk"));

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("scene.tif.msk: is no mask of the image beside it");
    }

    @Test
    void whatGdalWroteBesideTheFileComesFirstAndAWorldFileLast() throws IOException {
        Path file = TiffBytes.littleEndian()
                .image(4, 4, new byte[16])
                .doubles(Directory.MODEL_PIXEL_SCALE, 1, 1, 0)
                .doubles(Directory.MODEL_TIEPOINT, 0, 0, 0, 10, 20, 0)
                .number(Directory.GEO_KEY_DIRECTORY, 1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32619)
                .text(Directory.GDAL_NODATA, "7")
                .write(folder.resolve("scene.tif"));
        Files.writeString(folder.resolve("scene.tfw"), "2\n0\n0\n-2\n101\n199\n");
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.grid().transform()).contains(Affine.northUp(10, 20, 1, 1));
        }
        Files.writeString(folder.resolve("scene.tif.aux.xml"), """
                <PAMDataset>
                  <SRS dataAxisToSRSAxisMapping="1,2">PROJCS["WGS 84 / UTM zone 20N",GEOGCS["WGS 84",
                    AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32620"]]</SRS>
                  <GeoTransform>  1.0e+02,  5.0e-01,  0.0,  2.0e+02,  0.0, -5.0e-01</GeoTransform>
                  <Metadata><MDI key="x"><GeoTransform>9</GeoTransform></MDI></Metadata>
                  <PAMRasterBand band="1">
                    <NoDataValue>9.0E+00</NoDataValue>
                    <ColorInterp>Red</ColorInterp>
                    <Histograms><HistItem><NoDataValue>4</NoDataValue></HistItem></Histograms>
                  </PAMRasterBand>
                </PAMDataset>
                """);
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.grid().transform()).contains(Affine.northUp(100, 200, 0.5, 0.5));
            assertThat(source.grid().crs().map(Crs::epsg)).contains(OptionalInt.of(32620));
            assertThat(source.nodata()).hasValue(9);
            assertThat(source.role(0)).isEqualTo(BandRole.RED);
        }
    }

    @Test
    void aWorldFilePlacesAnImageOfWhichOnlyTheCrsIsKnown() throws IOException {
        Path file = TiffBytes.littleEndian().image(4, 4, new byte[16]).write(folder.resolve("scene.tif"));
        Files.writeString(folder.resolve("scene.tfw"), "2\n0\n0\n-2\n101\n199\n");
        Files.writeString(
                folder.resolve("scene.tif.aux.xml"),
                "<PAMDataset><SRS>PROJCRS[\"x\",ID[\"EPSG\",32619]]</SRS></PAMDataset>");
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.grid().transform()).contains(Affine.northUp(100, 200, 2, 2));
            assertThat(source.grid().crs().map(Crs::epsg)).contains(OptionalInt.of(32619));
        }
    }

    @Test
    void aCodeWithoutQuotesIsUnderstoodInOldWellKnownTextToo() throws IOException {
        Path file = TiffBytes.littleEndian().image(4, 4, new byte[16]).write(folder.resolve("scene.tif"));
        Files.writeString(
                folder.resolve("scene.tif.aux.xml"),
                "<PAMDataset><SRS>PROJCS[\"x\",UNIT[\"Meter\",1.0],AUTHORITY[\"EPSG\",32632]]</SRS></PAMDataset>");
        try (RasterSource source = Rasters.open(file)) {
            assertThat(source.grid().crs().map(Crs::epsg)).contains(OptionalInt.of(32632));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<PAMDataset><GeoTransform>1,2,3</GeoTransform></PAMDataset>",
                "<PAMDataset><GeoTransform>0,0,0,0,0,0</GeoTransform></PAMDataset>",
                "<PAMDataset><PAMRasterBand band=\"-1\"/></PAMDataset>",
                "<PAMDataset>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><PAMDataset><SRS>&e;</SRS></PAMDataset>"
            })
    void aDamagedFileOfGdalIsRefusedByName(String content) throws IOException {
        Path file = TiffBytes.littleEndian().image(4, 4, new byte[16]).write(folder.resolve("scene.tif"));
        Files.writeString(folder.resolve("scene.tif.aux.xml"), content);

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("scene.tif.aux.xml: is damaged");
    }

    @Test
    void aCrsWithoutACodeBesideTheFileIsNotSilentlyLost() throws IOException {
        Path file = TiffBytes.littleEndian().image(4, 4, new byte[16]).write(folder.resolve("scene.tif"));
        Files.writeString(
                folder.resolve("scene.tif.aux.xml"),
                "<PAMDataset><SRS>PROJCS[\"mine\",GEOGCS[\"x\",AUTHORITY[\"EPSG\",\"4326\"]]]</SRS></PAMDataset>");

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("without a known EPSG code");
    }

    @Test
    void paletteColoursOfEightAndOfSixteenBitsAreTheSame() throws IOException {
        for (int scale : new int[] {1, 257}) {
            Path file = TiffBytes.littleEndian()
                    .image(8, 1, new byte[1])
                    .number(Directory.BITS_PER_SAMPLE, 1)
                    .number(Directory.PHOTOMETRIC_INTERPRETATION, 3)
                    .number(Directory.COLOR_MAP, 0, 255L * scale, 0, 128L * scale, 0, 7L * scale)
                    .write(folder.resolve("palette.tif"));
            try (RasterSource source = Rasters.open(file)) {
                assertThat(colours(source.palette().orElseThrow())).containsExactly(0xff000000, 0xffff8007);
            }
        }
        Path few = TiffBytes.littleEndian()
                .image(8, 1, new byte[8])
                .number(Directory.PHOTOMETRIC_INTERPRETATION, 3)
                .number(Directory.COLOR_MAP, 0, 1, 2)
                .write(folder.resolve("few.tif"));
        assertThatThrownBy(() -> Rasters.open(few)).hasMessageContaining("palette of 3 values instead of 768");
    }

    private static int[] colours(Palette palette) {
        var colours = new int[palette.size()];
        Arrays.setAll(colours, palette::argb);
        return colours;
    }

    private static long nonzero(RasterSource source) throws RasterException {
        long count = 0;
        for (byte sample : source.read(source.grid().window()).bytes(0)) {
            count += sample == 0 ? 0 : 1;
        }
        return count;
    }

    private static long sum(RasterSource source) throws RasterException {
        long sum = 0;
        for (byte sample : source.read(source.grid().window(), 0).bytes(0)) {
            sum += sample & 0xff;
        }
        return sum;
    }
}
