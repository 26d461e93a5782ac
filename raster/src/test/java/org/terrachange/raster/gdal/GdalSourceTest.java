package org.terrachange.raster.gdal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Gdal;
import org.terrachange.raster.GdalComparison;
import org.terrachange.raster.Palette;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.SharedData;
import org.terrachange.raster.Window;

/// Files that GDAL's Python binding makes on the spot, read through the C library and compared with what the binding
/// says of them.
@ExtendWith(InstalledGdal.class)
class GdalSourceTest {
    /// Images of 137 x 91 pixels at 0.5 m in UTM 19N.
    private static final String WRITE = """
            import sys, numpy
            from osgeo import gdal, osr
            gdal.UseExceptions()
            folder = sys.argv[1]
            utm = osr.SpatialReference()
            utm.ImportFromEPSG(32619)
            rng = numpy.random.RandomState(11)
            memory = gdal.GetDriverByName('MEM')
            def image(bands, kind, code, nodata=None):
                d = memory.Create('', 137, 91, bands, kind)
                d.SetProjection(utm.ExportToWkt())
                d.SetGeoTransform([500000, 0.5, 0, 2000000, 0, -0.5])
                y, x = numpy.mgrid[0:91, 0:137]
                for band in range(bands):
                    a = 60 + 40 * numpy.sin(x / 20.0 + band) * numpy.cos(y / 15.0) + rng.normal(0, 2, (91, 137))
                    d.GetRasterBand(band + 1).WriteArray(a.astype(code))
                    if nodata is not None:
                        d.GetRasterBand(band + 1).SetNoDataValue(nodata)
                return d
            def save(name, driver, source, *options):
                gdal.GetDriverByName(driver).CreateCopy(folder + '/' + name, source, 0, list(options))
            byte = image(3, gdal.GDT_Byte, 'u1')
            short = image(3, gdal.GDT_UInt16, 'u2')
            save('lossless.jp2', 'JP2OpenJPEG', byte, 'REVERSIBLE=YES', 'QUALITY=100')
            save('lossy.jp2', 'JP2OpenJPEG', byte)
            save('tiles.jp2', 'JP2OpenJPEG', short, 'REVERSIBLE=YES', 'QUALITY=100', 'BLOCKXSIZE=64', 'BLOCKYSIZE=64')
            save('webp.tif', 'GTiff', byte, 'COMPRESS=WEBP', 'WEBP_LOSSLESS=YES', 'TILED=YES', 'BLOCKXSIZE=64',
                 'BLOCKYSIZE=64')
            save('picture.webp', 'WEBP', byte, 'LOSSLESS=YES')
            save('picture.bmp', 'BMP', byte)
            types = [('byte', gdal.GDT_Byte, 'u1'), ('uint16', gdal.GDT_UInt16, 'u2'), ('int16', gdal.GDT_Int16, 'i2'),
                     ('uint32', gdal.GDT_UInt32, 'u4'), ('int32', gdal.GDT_Int32, 'i4'),
                     ('float32', gdal.GDT_Float32, 'f4'), ('float64', gdal.GDT_Float64, 'f8')]
            for name, kind, code in types:
                source = image(2, kind, code, 77)
                save('lerc-' + name + '.tif', 'GTiff', source, 'COMPRESS=LERC')
                save('stored-' + name + '.tif', 'GTiff', source)
                save('vrt-' + name + '.vrt', 'VRT', gdal.Open(folder + '/stored-' + name + '.tif'))
            for name, kind, code in [('int64', gdal.GDT_Int64, 'i8'), ('uint64', gdal.GDT_UInt64, 'u8')]:
                source = image(2, kind, code)
                for band in [1, 2]:
                    source.GetRasterBand(band).SetNoDataValue(2**53 + 2)
                save('stored-' + name + '.tif', 'GTiff', source)
                save('vrt-' + name + '.vrt', 'VRT', gdal.Open(folder + '/stored-' + name + '.tif'))
            save('signed.tif', 'GTiff', byte, 'PIXELTYPE=SIGNEDBYTE')
            save('signed.vrt', 'VRT', gdal.Open(folder + '/signed.tif'))
            save('complex.tif', 'GTiff', image(1, gdal.GDT_CFloat32, 'c8'))
            save('grid.nc', 'netCDF', image(1, gdal.GDT_Float32, 'f4', -9))
            save('several.nc', 'netCDF', image(2, gdal.GDT_Float32, 'f4'))
            palette = image(1, gdal.GDT_Byte, 'u1')
            table = gdal.ColorTable()
            for i in range(256):
                table.SetColorEntry(i, (i, 255 - i, 7, 255))
            palette.GetRasterBand(1).SetColorTable(table)
            palette.GetRasterBand(1).SetColorInterpretation(gdal.GCI_PaletteIndex)
            save('palette.tif', 'GTiff', palette)
            save('palette.vrt', 'VRT', gdal.Open(folder + '/palette.tif'))
            gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'YES')
            save('masked.tif', 'GTiff', byte, 'COMPRESS=LERC', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16')
            d = gdal.Open(folder + '/masked.tif', gdal.GA_Update)
            d.CreateMaskBand(gdal.GMF_PER_DATASET)
            y, x = numpy.mgrid[0:91, 0:137]
            d.GetRasterBand(1).GetMaskBand().WriteArray(numpy.where(x > y, 255, 0).astype('u1'))
            d.BuildOverviews('AVERAGE', [2, 4])
            d = None
            gcps = gdal.GetDriverByName('MEM').Create('', 9, 9, 1, gdal.GDT_Byte)
            gcps.SetGCPs([gdal.GCP(x, y, 0, x * 9, y * 9) for x in (0, 1) for y in (0, 1)], utm.ExportToWkt())
            save('points.tif', 'GTiff', gcps, 'COMPRESS=LERC')
            """;

    @TempDir
    private static Path folder;

    @TempDir
    private Path scratch;

    @BeforeAll
    static void writeFiles() throws Exception {
        Gdal.python(List.of("-c", WRITE, folder.toString()));
    }

    private static RasterSource open(String name) throws RasterException {
        return Rasters.open(folder.resolve(name));
    }

    @Test
    void everyFormatIsReadAsGdalReadsIt() throws Exception {
        List<Path> files;
        try (var list = Files.list(folder)) {
            files = list.filter(file -> file.toString().matches(".*\\.(jp2|vrt|webp|bmp)|.*/(webp|lerc).*\\.tif"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(20);
        Map<Path, Gdal.Description> expected = Gdal.describe(files);
        var different = new TreeMap<String, Map<String, String>>();

        for (Path file : files) {
            try (RasterSource source = Rasters.open(file)) {
                assertThat(source.reader()).as(file.toString()).matches("GDAL \\d+\\.\\d+\\.\\d+.*");
                Map<String, String> differences = GdalComparison.differences(source, expected.get(file));
                differences.keySet().removeAll(List.of("compression", "interleave"));
                if (!differences.isEmpty()) {
                    different.put(file.getFileName().toString(), differences);
                }
            }
        }

        assertThat(different).isEmpty();
    }

    @Test
    void theWholeInventoryIsReadWithOrWithoutGdalAsGdalReadsItOrRefusedInOneLine() throws Exception {
        List<Path> files;
        try (var list = Files.list(SharedData.require("geotiff"))) {
            files = list.filter(file -> file.toString().matches(".*\\.tiff?"))
                    .sorted()
                    .toList();
        }
        Map<Path, Gdal.Description> expected = Gdal.describe(files);
        var different = new TreeMap<String, Map<String, String>>();
        var read = new ArrayList<Path>();
        for (Path file : files) {
            String alone = readers(file, false, expected.get(file), different);
            String helped = readers(file, true, expected.get(file), different);
            assertThat(alone).isIn("", Rasters.OWN_READER);
            if (!alone.isEmpty()) {
                assertThat(helped).as("what reads %s", file).isEqualTo(alone);
            }
            if (helped.startsWith("GDAL")) {
                read.add(file);
            }
        }

        assertThat(different).isEmpty();
        assertThat(read).as("files that only GDAL reads").hasSizeGreaterThan(3);
    }

    /// Which reader opened a file, empty where it was refused; notes where its pixels differ from what GDAL says.
    private static String readers(
            Path file, boolean helped, Gdal.@Nullable Description expected, Map<String, Map<String, String>> different)
            throws RasterException {
        if (!helped) {
            InstalledGdal.hide();
        }
        try (RasterSource source = Rasters.open(file)) {
            Map<String, String> differences = GdalComparison.differences(source, expected);
            differences.keySet().retainAll(List.of("size", "bands", "type", "nodata", "pixels", "transform"));
            if (!differences.isEmpty()) {
                different.put(file.getFileName() + " by " + source.reader(), differences);
            }
            return source.reader();
        } catch (RasterException e) {
            assertThat(e).hasMessageStartingWith(file + ": ");
            assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(700);
            return "";
        } finally {
            InstalledGdal.show();
        }
    }

    @Test
    void theGridIsKnownToTheCode() throws IOException {
        try (RasterSource source = open("lossless.jp2")) {
            assertThat(source.grid().crs()).contains(Crs.ofEpsg(32619));
            assertThat(source.location())
                    .isEqualTo(folder.resolve("lossless.jp2").toString());
            assertThat(source.storage().format()).isEqualTo("JP2OpenJPEG");
            assertThat(source.storage().compression()).isEqualTo("JPEG2000");
            assertThat(source.mask()).isEmpty();
        }
    }

    @Test
    void anyWindowAndAnyBandsEqualTheSamePartOfTheWhole() throws IOException {
        try (RasterSource source = open("tiles.jp2")) {
            PixelBlock whole = source.read(source.grid().window());
            for (Window window : List.of(
                    new Window(0, 0, 1, 1),
                    new Window(60, 60, 10, 10),
                    new Window(136, 90, 1, 1),
                    new Window(5, 63, 132, 2))) {
                PixelBlock part = source.read(window, 2, 0);
                for (int y = 0; y < window.height(); y++) {
                    for (int x = 0; x < window.width(); x++) {
                        int here = y * window.width() + x;
                        int there = (window.y() + y) * 137 + window.x() + x;
                        assertThat(part.value(0, here)).isEqualTo(whole.value(2, there));
                        assertThat(part.value(1, here)).isEqualTo(whole.value(0, there));
                    }
                }
            }
            assertThatThrownBy(() -> source.read(new Window(130, 0, 8, 1)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> source.read(new Window(0, 0, 1, 1), 3))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void sixtyFourBitIntegersKeepTheirNodata() throws IOException {
        for (String name : List.of("vrt-int64.vrt", "vrt-uint64.vrt")) {
            try (RasterSource source = open(name)) {
                assertThat(source.type()).isIn(SampleType.INT64, SampleType.UINT64);
                assertThat(source.nodata()).hasValue(0x1p53 + 2);
            }
        }
    }

    @Test
    void signedBytesAreSigned() throws IOException {
        try (RasterSource source = open("signed.vrt")) {
            assertThat(source.type()).isEqualTo(SampleType.INT8);
        }
    }

    @Test
    void aPaletteComesWithItsColours() throws IOException {
        try (RasterSource source = open("palette.vrt")) {
            Palette palette = source.palette().orElseThrow();
            assertThat(source.role(0)).isEqualTo(BandRole.PALETTE);
            assertThat(palette.size()).isEqualTo(256);
            assertThat(palette.argb(0)).isEqualTo(0xff00ff07);
            assertThat(palette.argb(200)).isEqualTo(0xffc83707);
        }
    }

    @Test
    void aMaskIsASourceOfOneBandOnTheSameGrid() throws IOException {
        try (RasterSource source = open("masked.tif");
                RasterSource mask = source.mask().orElseThrow()) {
            assertThat(mask.bands()).isEqualTo(1);
            assertThat(mask.grid()).isEqualTo(source.grid());
            byte[] samples = mask.read(mask.grid().window()).bytes(0);
            for (int y = 0; y < 91; y++) {
                for (int x = 0; x < 137; x++) {
                    assertThat(samples[y * 137 + x] != 0).isEqualTo(x > y);
                }
            }
        }
    }

    @Test
    void theCoarsestFittingOverviewIsChosenAndStandsOnTheSameGround() throws IOException {
        try (RasterSource source = open("masked.tif")) {
            assertThat(source.storage().overviews()).isEqualTo(2);
            assertThat(source.overview(1.5)).isSameAs(source);
            for (int factor : new int[] {2, 4}) {
                RasterSource reduced = source.overview(factor + 0.9);
                assertThat(reduced.grid().width()).isEqualTo(Math.ceilDiv(137, factor));
                assertThat(reduced.grid().transform().orElseThrow().a()
                                * reduced.grid().width())
                        .isEqualTo(137 * 0.5);
                assertThat(reduced.mask()).isPresent();
                double centre = reduced.read(new Window(10, 5, 1, 1)).value(0, 0);
                double full =
                        source.read(new Window(10 * factor, 5 * factor, 1, 1)).value(0, 0);
                assertThat(centre).isCloseTo(full, Offset.offset(20.0));
            }
            source.overview(4).close();
            assertThat(source.read(new Window(0, 0, 1, 1)).type()).isEqualTo(SampleType.UINT8);
        }
    }

    @Test
    void anImageWithControlPointsOnlyIsNotGeoreferenced() throws IOException {
        try (RasterSource source = open("points.tif")) {
            assertThat(source.grid().isGeoreferenced()).isFalse();
        }
    }

    @Test
    void complexNumbersAreRefusedByName() {
        assertThatThrownBy(() -> open("complex.tif"))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("complex.tif: ")
                .hasMessageContaining("samples of type CFloat32");
    }

    @Test
    void aContainerListsItsImagesAndEachOpensByItsName() throws IOException {
        Path file = folder.resolve("several.nc");

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("holds several images; name one of them: NETCDF:")
                .hasMessageContaining("Band2");
        try (RasterSource source = Rasters.open("NETCDF:\"" + file + "\":Band2");
                RasterSource single = open("grid.nc")) {
            assertThat(source.bands()).isEqualTo(1);
            assertThat(source.storage().format()).isEqualTo("netCDF");
            assertThat(single.nodata()).hasValue(-9);
        }
    }

    @Test
    void aNameInAFileSystemOfGdalIsOpened() throws IOException {
        String name =
                "/vsisubfile/0_" + Files.size(folder.resolve("lossless.jp2")) + "," + folder.resolve("lossless.jp2");

        try (RasterSource source = Rasters.open(name)) {
            assertThat(source.location()).isEqualTo(name);
            assertThat(source.bands()).isEqualTo(3);
        }
    }

    @Test
    void anImageOnAServerIsReadThroughItsAddress() throws IOException {
        byte[] image = Files.readAllBytes(folder.resolve("tiles.jp2"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> serve(exchange, image));
        server.start();
        String host = "http://127.0.0.1:" + server.getAddress().getPort();
        try (RasterSource remote = Rasters.open(host + "/tiles.jp2");
                RasterSource local = open("tiles.jp2")) {
            Window window = local.grid().window();
            assertThat(remote.location()).isEqualTo(host + "/tiles.jp2");
            assertThat(remote.read(window).shorts(2))
                    .isEqualTo(local.read(window).shorts(2));
            assertThatThrownBy(() -> Rasters.open(host + "/none.jp2"))
                    .isInstanceOf(RasterException.class)
                    .hasMessageStartingWith(host + "/none.jp2: ");
        } finally {
            server.stop(0);
        }
    }

    /// Answers with the image or the part of it that is asked for.
    private static void serve(HttpExchange exchange, byte[] image) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/tiles.jp2")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            Matcher range = Pattern.compile("bytes=(\\d+)-(\\d+)")
                    .matcher(Objects.requireNonNullElse(
                            exchange.getRequestHeaders().getFirst("Range"), ""));
            boolean part = range.matches();
            int from = part ? Integer.parseInt(range.group(1)) : 0;
            int to = part ? Math.min(image.length, Integer.parseInt(range.group(2)) + 1) : image.length;
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            if (part) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + image.length);
            }
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(part ? 206 : 200, head ? -1 : to - from);
            if (!head) {
                exchange.getResponseBody().write(image, from, to - from);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/vsizip/none.zip/none.tif",
                "NETCDF:\"none.nc\":band",
                "/vsicurl/http://127.0.0.1:1/none.tif",
                "GTIFF_DIR:1:none.tif",
                "nonsense:none"
            })
    void aNameThatLeadsNowhereIsRefusedInOneLine(String name) {
        assertThatThrownBy(() -> Rasters.open(name))
                .isInstanceOf(RasterException.class)
                .hasMessageMatching(".+: cannot be opened by GDAL .+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image.tif", "image.png", "image", "image.vrt.jp2"})
    void whatIsNotNamedAVrtIsNotReadAsOne(String name) throws IOException {
        byte[] vrt = Files.readAllBytes(folder.resolve("palette.vrt"));
        byte[] indented = (" \n" + new String(vrt, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        for (byte[] content : List.of(vrt, indented)) {
            Path file = Files.write(folder.resolve(name), content);
            try {
                assertThatThrownBy(() -> Rasters.open(file))
                        .isInstanceOf(RasterException.class)
                        .hasMessageStartingWith(file + ": ");
            } finally {
                Files.delete(file);
            }
        }
    }

    @Test
    void overviewsThatLieInAForeignFileAreRefused() throws IOException {
        Path file = Files.copy(folder.resolve("lossless.jp2"), scratch.resolve("remote.jp2"));
        Files.writeString(scratch.resolve("remote.jp2.aux.xml"), """
                <PAMDataset><Metadata domain="OVERVIEWS">
                  <MDI key="OVERVIEW_FILE">/vsicurl/http://127.0.0.1:1/x.tif</MDI>
                </Metadata></PAMDataset>
                """);

        assertThatThrownBy(() -> Rasters.open(file))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("names another file as its overviews");
    }

    @Test
    void aDamagedTiffIsNotHandedToGdal() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("stored-byte.tif"));
        Path cut = Files.write(scratch.resolve("cut.tif"), Arrays.copyOf(whole, 100));

        assertThatThrownBy(() -> {
                    try (RasterSource source = Rasters.open(cut)) {
                        source.read(source.grid().window());
                    }
                })
                .isInstanceOf(RasterException.class)
                .message()
                .doesNotContain("GDAL");
    }

    @Test
    void aTruncatedFileIsRefusedByNameAtEveryLength() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("tiles.jp2"));
        int refused = 0;
        for (int length = 1; length < whole.length; length += 1 + length / 20) {
            Path file = Files.write(scratch.resolve("cut.jp2"), Arrays.copyOf(whole, length));
            try (RasterSource source = Rasters.open(file)) {
                source.read(source.grid().window());
            } catch (RasterException e) {
                refused++;
                assertThat(e).hasMessageStartingWith(file + ": ");
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void severalThreadsReadOneSourceAndSeveral() throws Exception {
        List<Callable<Integer>> tasks = new ArrayList<>();
        try (RasterSource shared = open("tiles.jp2");
                RasterSource other = open("vrt-byte.vrt");
                var threads = Executors.newFixedThreadPool(4)) {
            int expected = Arrays.hashCode(shared.read(shared.grid().window()).shorts(1));
            int expectedOther =
                    Arrays.hashCode(other.read(other.grid().window()).bytes(1));
            for (int i = 0; i < 40; i++) {
                tasks.add(() -> {
                    try (RasterSource own = open("vrt-byte.vrt")) {
                        assertThat(Arrays.hashCode(own.read(own.grid().window()).bytes(1)))
                                .isEqualTo(expectedOther);
                    }
                    assertThat(Arrays.hashCode(other.read(other.grid().window()).bytes(1)))
                            .isEqualTo(expectedOther);
                    return Arrays.hashCode(shared.read(shared.grid().window()).shorts(1));
                });
            }
            for (Future<Integer> answer : threads.invokeAll(tasks)) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aClosedSourceIsRefused() throws IOException {
        RasterSource source = open("masked.tif");
        RasterSource overview = source.overview(2);
        source.close();
        source.close();

        for (RasterSource closed : List.of(source, overview, source.mask().orElseThrow())) {
            assertThatThrownBy(() -> closed.read(new Window(0, 0, 1, 1)))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("has been closed");
        }
    }
}
