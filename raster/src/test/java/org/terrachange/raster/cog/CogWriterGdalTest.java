package org.terrachange.raster.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.GdalOracle;
import org.terrachange.raster.GeoKeys;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import tools.jackson.databind.JsonNode;

/// What GDAL and its COG validator read in the files that [CogWriter] writes.
class CogWriterGdalTest {
    private static final String DESCRIBE = """
            import json, sys
            from osgeo import gdal
            from osgeo_utils.samples import validate_cloud_optimized_geotiff as validator
            gdal.UseExceptions()
            answers = []
            for path in sys.argv[1:]:
                warnings, errors, _ = validator.validate(path, full_check=True)
                image = gdal.Open(path)
                band = image.GetRasterBand(1)
                crs = image.GetSpatialRef()
                table = band.GetColorTable()
                levels = []
                for level in range(-1, band.GetOverviewCount()):
                    planes = [image.GetRasterBand(b + 1) for b in range(image.RasterCount)]
                    if level >= 0:
                        planes = [plane.GetOverview(level) for plane in planes]
                    raw = path + '.' + str(level + 1) + '.raw'
                    with open(raw, 'wb') as out:
                        for plane in planes:
                            out.write(plane.ReadRaster())
                    levels.append({'width': planes[0].XSize, 'height': planes[0].YSize, 'raw': raw,
                                   'nodata': str(planes[0].GetNoDataValue())})
                answers.append({
                    'warnings': warnings, 'errors': errors, 'levels': levels, 'bands': image.RasterCount,
                    'type': gdal.GetDataTypeName(band.DataType), 'transform': image.GetGeoTransform(can_return_null=True),
                    'epsg': crs.GetAuthorityCode(None) if crs else None, 'crs': crs.GetName() if crs else None,
                    'geographic': bool(crs and crs.IsGeographic()), 'block': band.GetBlockSize(),
                    'structure': image.GetMetadata('IMAGE_STRUCTURE'), 'metadata': image.GetMetadata(),
                    'names': [image.GetRasterBand(b + 1).GetDescription() for b in range(image.RasterCount)],
                    'roles': [gdal.GetColorInterpretationName(image.GetRasterBand(b + 1).GetColorInterpretation())
                              for b in range(image.RasterCount)],
                    'colour': list(table.GetColorEntry(1)) if table else None})
            json.dump(answers, sys.stdout)
            """;

    private static final List<SampleType> TYPES = Arrays.stream(SampleType.values())
            .filter(type -> type != SampleType.UINT64 && type != SampleType.INT64)
            .toList();

    @TempDir
    Path folder;

    /// @param blockRows how many rows a block that is appended has
    private record Case(Grid grid, CogOptions options, int blockRows, long seed) {
        PixelBlock pixels() {
            PixelBlock block = PixelBlock.allocate(grid.window(), options.type(), options.bands());
            RandomGenerator random = new SplittableRandom(seed);
            for (int band = 0; band < options.bands(); band++) {
                for (int i = 0; i < grid.window().area(); i++) {
                    // Smooth with some noise and some holes, as real rasters are.
                    double smooth = 60 + 50 * Math.sin(i * 0.01 + band) + random.nextInt(4);
                    boolean hole = options.nodata().isPresent() && random.nextInt(5) == 0;
                    set(block, band, i, hole ? options.nodata().getAsDouble() : smooth);
                }
            }
            return block;
        }
    }

    @Test
    void everySampleTypeReadsBackAndPassesTheValidator() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (SampleType type : TYPES) {
            CogOptions options = CogOptions.of(type, 1);
            cases.add(new Case(utm(530, 270), options, 100, 1));
            cases.add(new Case(utm(70, 53), options.withPredictor(false).withNodata(7), 53, 2));
            cases.add(new Case(utm(300, 100), CogOptions.of(type, 3), 1, 3));
        }
        check(cases);
    }

    @Test
    void oddAndTinySizesReadBackAndPassTheValidator() throws IOException {
        CogOptions bytes = CogOptions.of(SampleType.UINT8, 1).withNodata(255);
        check(List.of(
                new Case(utm(1, 1), bytes, 1, 4),
                new Case(utm(2, 1), bytes, 1, 5),
                new Case(utm(1, 1500), bytes, 7, 6),
                new Case(utm(1025, 513), bytes, 64, 7),
                new Case(utm(512, 512), bytes, 512, 8),
                new Case(utm(513, 1), bytes.withResampling(Resampling.MODE), 1, 9),
                new Case(utm(257, 256), bytes.withResampling(Resampling.NEAREST), 3, 10),
                new Case(utm(1100, 300), CogOptions.of(SampleType.FLOAT32, 1).withNodata(Double.NaN), 300, 11)));
    }

    @Test
    void bigTiffReadsBackAndPassesTheValidator() throws IOException {
        CogOptions options = CogOptions.of(SampleType.UINT16, 2).withBigTiff(true);
        check(List.of(new Case(utm(1, 1), options, 1, 12), new Case(utm(700, 600), options, 50, 13)));
    }

    @Test
    void everyCompressionOfEveryKindOfSampleReadsBackAndPassesTheValidator() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (Compression compression : Compression.values()) {
            for (SampleType type : List.of(SampleType.UINT8, SampleType.INT16, SampleType.UINT32, SampleType.FLOAT32)) {
                CogOptions options = CogOptions.of(type, 2).withCompression(compression);
                cases.add(new Case(utm(600, 300), options.withLevel(Math.min(9, compression.highestLevel())), 100, 23));
                cases.add(new Case(utm(300, 40), options.withLevel(compression.lowestLevel()), 40, 24));
            }
            cases.add(new Case(
                    utm(300, 40),
                    CogOptions.of(SampleType.UINT8, 1)
                            .withCompression(compression)
                            .withPredictor(false),
                    40,
                    25));
        }
        check(cases);
    }

    @Test
    void everyResamplingOfBytesIsWhatItsDefinitionSays() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (Resampling resampling : Resampling.values()) {
            for (int bands : new int[] {1, 3}) {
                CogOptions options = CogOptions.of(SampleType.UINT8, bands).withResampling(resampling);
                cases.add(new Case(utm(1027, 35), options, 35, 26));
                cases.add(new Case(utm(35, 1026), options.withNodata(11), 7, 27));
            }
        }
        check(cases);
    }

    @Test
    void randomShapesReadBackAndPassTheValidator() throws IOException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("seed " + seed);
        RandomGenerator random = new SplittableRandom(seed);
        List<Resampling> resamplings = List.of(Resampling.values());
        List<Compression> compressions = List.of(Compression.values());
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            SampleType type = TYPES.get(random.nextInt(TYPES.size()));
            CogOptions options = CogOptions.of(type, random.nextInt(1, 6))
                    .withCompression(compressions.get(random.nextInt(compressions.size())))
                    .withPredictor(random.nextBoolean())
                    .withBigTiff(random.nextBoolean())
                    .withResampling(resamplings.get(random.nextInt(resamplings.size())));
            if (random.nextBoolean()) {
                options = options.withNodata(random.nextInt(100));
            }
            Grid grid = utm(random.nextInt(1, 900), random.nextInt(1, 300));
            cases.add(new Case(grid, options, random.nextInt(1, grid.height() + 1), random.nextLong()));
        }
        check(cases);
    }

    @Test
    void theGroundPlaceSurvives() throws IOException {
        CogOptions options = CogOptions.of(SampleType.UINT8, 1);
        Affine rotated = new Affine(0.5, 0.1, 300000, 0.1, -0.5, 4600000);
        Affine southUp = new Affine(10, 0, 0, 0, 10, 0);
        Crs utm = Crs.ofEpsg(32619);
        GeoKeys points =
                new GeoKeys(List.of(1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 2, 3072, 0, 1, 32619), List.of(), "");
        List<JsonNode> answers = check(List.of(
                new Case(Grid.of(20, 10, rotated, utm), options, 10, 14),
                new Case(
                        Grid.of(20, 10, Affine.northUp(-71.5, 42.25, 0.001, 0.002), Crs.ofEpsg(4326)), options, 10, 15),
                new Case(Grid.of(20, 10, southUp, Crs.ofEpsg(3857)), options, 10, 16),
                new Case(Grid.plain(20, 10), options, 10, 17),
                new Case(Grid.of(20, 10, rotated, Crs.ofGeoKeys(points)), options, 10, 18),
                new Case(Grid.of(20, 10, rotated, Crs.ofEpsg(2263)), options, 10, 19)));
        assertThat(transform(answers.get(0))).containsExactly(300000, 0.5, 0.1, 4600000, 0.1, -0.5);
        assertThat(transform(answers.get(1))).containsExactly(-71.5, 0.001, 0, 42.25, 0, -0.002);
        assertThat(transform(answers.get(2))).containsExactly(0, 10, 0, 0, 0, 10);
        assertThat(answers.get(3).get("transform").isNull()).isTrue();
        assertThat(transform(answers.get(4)))
                .as("pixels counted from their centres in the input, from their corners here")
                .containsExactly(300000, 0.5, 0.1, 4600000, 0.1, -0.5);
        assertThat(answers.stream().map(answer -> answer.get("epsg").asString("")))
                .containsExactly("32619", "4326", "3857", "", "32619", "2263");
        assertThat(answers.get(1).get("geographic").asBoolean()).isTrue();
    }

    @Test
    void namesMetadataAndColoursSurvive() throws IOException {
        String text = "<5 & \"ü\"";
        List<JsonNode> answers = check(List.of(
                new Case(
                        utm(9, 9),
                        CogOptions.of(SampleType.FLOAT32, 2)
                                .withBandNames("probability", "a & b")
                                .withMetadata(Map.of("MODEL", text)),
                        9,
                        20),
                new Case(
                        utm(9, 9),
                        CogOptions.of(SampleType.UINT8, 1).withColourTable(new ColourTable(Map.of(1, 0xe03c31))),
                        9,
                        21),
                new Case(utm(9, 9), CogOptions.of(SampleType.UINT8, 4), 9, 22)));
        assertThat(answers.get(0).get("names").toString()).isEqualTo("[\"probability\",\"a & b\"]");
        assertThat(answers.get(0).get("metadata").get("MODEL").asString()).isEqualTo(text);
        assertThat(answers.get(1).get("colour").toString()).isEqualTo("[224,60,49,255]");
        assertThat(answers.get(1).get("roles").toString()).isEqualTo("[\"Palette\"]");
        assertThat(answers.get(2).get("roles").toString()).isEqualTo("[\"Red\",\"Green\",\"Blue\",\"Alpha\"]");
    }

    private List<JsonNode> check(List<Case> cases) throws IOException {
        List<String> files = new ArrayList<>();
        for (Case one : cases) {
            Path file = folder.resolve(files.size() + ".tif");
            write(file, one);
            files.add(file.toString());
        }
        JsonNode answers = GdalOracle.ask(DESCRIBE, files);
        List<JsonNode> list = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            list.add(answers.get(i));
            compare(cases.get(i), answers.get(i));
        }
        return list;
    }

    private static void write(Path file, Case one) throws IOException {
        PixelBlock all = one.pixels();
        Grid grid = one.grid();
        try (CogWriter writer = CogWriter.create(file, grid, one.options())) {
            for (int y = 0; y < grid.height(); y += one.blockRows()) {
                Window window = new Window(0, y, grid.width(), Math.min(one.blockRows(), grid.height() - y));
                PixelBlock rows = PixelBlock.allocate(window, all.type(), all.bands());
                for (int band = 0; band < all.bands(); band++) {
                    for (int i = 0; i < window.area(); i++) {
                        set(rows, band, i, all.value(band, y * grid.width() + i));
                    }
                }
                writer.append(rows);
            }
            writer.finish();
        }
    }

    private static void compare(Case one, JsonNode answer) throws IOException {
        String name = one.toString();
        assertThat(answer.get("errors")).as(name).isEmpty();
        assertThat(answer.get("warnings")).as(name).isEmpty();
        assertThat(answer.get("structure").get("LAYOUT").asString()).as(name).isEqualTo("COG");
        assertThat(answer.get("structure").path("COMPRESSION").asString("NONE"))
                .as(name)
                .isEqualTo(one.options().compression().name());
        assertThat(answer.get("bands").asInt()).as(name).isEqualTo(one.options().bands());
        PixelBlock expected = one.pixels();
        JsonNode levels = answer.get("levels");
        for (int level = 0; level < levels.size(); level++) {
            int width = levels.get(level).get("width").asInt();
            int height = levels.get(level).get("height").asInt();
            String place = name + ", level " + level;
            assertThat(new Window(0, 0, width, height)).as(place).isEqualTo(expected.window());
            PixelBlock actual = raw(Path.of(levels.get(level).get("raw").asString()), expected.window(), one.options());
            for (int band = 0; band < expected.bands(); band++) {
                for (int i = 0; i < expected.window().area(); i++) {
                    double wanted = expected.value(band, i);
                    double got = actual.value(band, i);
                    if (Double.compare(wanted, got) != 0
                            && !differsByRounding(one.options().type(), wanted, got)) {
                        fail("%s, band %d, pixel %d: expected %s, got %s", place, band, i, wanted, got);
                    }
                }
            }
            String nodata = levels.get(level).get("nodata").asString();
            if (one.options().nodata().isEmpty()) {
                assertThat(nodata).as(place).isEqualTo("None");
            } else {
                assertThat(Double.parseDouble(nodata.replace("nan", "NaN")))
                        .as(place)
                        .isEqualTo(Double.valueOf(one.options().nodata().getAsDouble()));
            }
            expected = half(expected, one.options());
        }
        JsonNode smallest = levels.get(levels.size() - 1);
        assertThat(Math.max(
                        smallest.get("width").asInt(), smallest.get("height").asInt()))
                .as(name)
                .isLessThanOrEqualTo(512);
    }

    /// Where a row or column is doubled at an odd edge, a mean of floats may end in another last bit.
    private static boolean differsByRounding(SampleType type, double wanted, double got) {
        double least = type == SampleType.FLOAT32 ? 3e-7 : 1e-14;
        return type.isFloating() && Math.abs(wanted - got) <= least * Math.abs(wanted);
    }

    /// The next overview as its definition says, pixel by pixel.
    private static PixelBlock half(PixelBlock large, CogOptions options) {
        int width = (large.window().width() + 1) / 2;
        int height = (large.window().height() + 1) / 2;
        PixelBlock small = PixelBlock.allocate(Window.whole(width, height), large.type(), large.bands());
        for (int band = 0; band < large.bands(); band++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    List<Double> under = new ArrayList<>();
                    List<Double> valid = new ArrayList<>();
                    for (int part = 0; part < 4; part++) {
                        int column = 2 * x + part % 2;
                        int row = 2 * y + part / 2;
                        if (column < large.window().width()
                                && row < large.window().height()) {
                            double value =
                                    large.value(band, row * large.window().width() + column);
                            under.add(value);
                            if (options.nodata().isEmpty()
                                    || Double.compare(value, options.nodata().getAsDouble()) != 0) {
                                valid.add(value);
                            }
                        }
                    }
                    double value = switch (options.resampling()) {
                        case NEAREST -> under.getFirst();
                        case AVERAGE ->
                            valid.isEmpty() ? under.getFirst() : valid.stream().reduce(0.0, Double::sum) / valid.size();
                        case MODE ->
                            valid.stream()
                                    .reduce((a, b) -> count(valid, b) > count(valid, a) ? b : a)
                                    .orElse(under.getFirst());
                    };
                    set(small, band, y * width + x, large.type().isFloating() ? value : Math.floor(value + 0.5));
                }
            }
        }
        return small;
    }

    private static long count(List<Double> values, double value) {
        return values.stream().filter(v -> v == value).count();
    }

    private static PixelBlock raw(Path file, Window window, CogOptions options) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        PixelBlock block = PixelBlock.allocate(window, options.type(), options.bands());
        for (int band = 0; band < options.bands(); band++) {
            for (int i = 0; i < window.area(); i++) {
                switch (options.type()) {
                    case UINT8, INT8 -> block.bytes(band)[i] = in.get();
                    case UINT16, INT16 -> block.shorts(band)[i] = in.getShort();
                    case UINT32, INT32 -> block.ints(band)[i] = in.getInt();
                    case FLOAT32 -> block.floats(band)[i] = in.getFloat();
                    case FLOAT64 -> block.doubles(band)[i] = in.getDouble();
                }
            }
        }
        return block;
    }

    private static void set(PixelBlock block, int band, int index, double value) {
        switch (block.type()) {
            case UINT8, INT8 -> block.bytes(band)[index] = (byte) value;
            case UINT16, INT16 -> block.shorts(band)[index] = (short) value;
            case UINT32, INT32 -> block.ints(band)[index] = (int) (long) value;
            case FLOAT32 -> block.floats(band)[index] = (float) value;
            case FLOAT64 -> block.doubles(band)[index] = value;
        }
    }

    private static Grid utm(int width, int height) {
        return Grid.of(width, height, Affine.northUp(300000, 4600000, 0.5, 0.5), Crs.ofEpsg(32619));
    }

    private static double[] transform(JsonNode answer) {
        double[] values = new double[6];
        for (int i = 0; i < 6; i++) {
            values[i] = answer.get("transform").get(i).asDouble();
        }
        return values;
    }
}
