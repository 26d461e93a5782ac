package org.terrachange.server.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Resampling;
import org.terrachange.raster.warp.PixelMap;

final class TileServiceTest {
    private static final Affine NORTH_UP = Affine.northUp(500_000, 5_200_000, 0.5, 0.5);
    private static final int MISSING = 255;
    private static final Crs UTM = Crs.ofEpsg(32633);

    @TempDir
    private Path folder;

    private final TileService tiles = new TileService();

    @AfterEach
    void close() {
        tiles.close();
    }

    @Test
    void aPlainSceneIsCutIntoItsOwnPixels() throws Exception {
        Grid grid = Grid.plain(600, 300);
        byte[] values = random(7, grid, 255);
        SceneFiles files = scene(grid, values);
        SceneView view = tiles.view("job", () -> files);
        assertThat(view.scheme()).isEqualTo("pixels");
        assertThat(view.maxZoom()).isEqualTo(2);
        assertThat(view.extent()).containsExactly(0.0, -300.0, 600.0, 0.0);
        for (int row = 0; row < 2; row++) {
            for (int column = 0; column < 3; column++) {
                Raster tile = tile("job", files, Layer.PROBABILITY, new TileAddress(2, column, row));
                int[] expected = new int[256 * 256];
                for (int i = 0; i < expected.length; i++) {
                    int x = column * 256 + i % 256;
                    int y = row * 256 + i / 256;
                    boolean inside = x < grid.width() && y < grid.height();
                    expected[i] = inside ? values[y * grid.width() + x] & 0xff : MISSING;
                }
                assertThat(stored(tile)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aReducedTileHoldsTheMeansOfItsValidPixels() throws Exception {
        Grid grid = Grid.plain(500, 400);
        byte[] values = random(8, grid, 255);
        SceneFiles files = scene(grid, values);
        Raster tile = tile("job", files, Layer.PROBABILITY, new TileAddress(0, 0, 0));
        double worst = 0;
        for (int y = 0; y < 200; y++) {
            for (int x = 0; x < 250; x++) {
                double sum = 0;
                int count = 0;
                for (int k = 0; k < 4; k++) {
                    int value = values[(2 * y + k / 2) * grid.width() + 2 * x + k % 2] & 0xff;
                    sum += value == 255 ? 0 : value;
                    count += value == 255 ? 0 : 1;
                }
                // The raster stores its means rounded, and the tile rounds again where the two do not coincide.
                if (count == 4) {
                    worst = Math.max(worst, Math.abs(tile.getSample(x, y, 0) - sum / count));
                }
            }
        }
        assertThat(worst).isLessThan(1.01);
        assertThat(tile.getSample(251, 10, 1)).isZero();
    }

    @Test
    void aTileOfTheMapHoldsTheValueOfThePixelThatLiesThere() throws Exception {
        Grid grid = Grid.of(400, 300, NORTH_UP, UTM);
        byte[] values = random(9, grid, 256);
        SceneFiles files = scene(grid, values);
        SceneView view = tiles.view("job", () -> files);
        assertThat(view.scheme()).isEqualTo("xyz");
        double side = 2 * Math.PI * 6_378_137 / (1 << view.maxZoom());
        // No tile pixel is larger than a pixel of the scene, so that none of these is passed over.
        assertThat(side / 256).isLessThanOrEqualTo(0.5 / Math.cos(Math.toRadians(46.9)));
        int column = middle(view, 0, 2, side);
        int row = (1 << view.maxZoom()) - 1 - middle(view, 1, 3, side);
        Grid ground = Grid.of(
                256,
                256,
                Affine.northUp(
                        column * side - Math.PI * 6_378_137, Math.PI * 6_378_137 - row * side, side / 256, side / 256),
                Crs.ofEpsg(3857));
        PixelMap toScene = PixelMap.between(ground, grid);
        int[] stored = stored(tile("job", files, Layer.PROBABILITY, new TileAddress(view.maxZoom(), column, row)));
        int[] expected = stored.clone();
        int compared = 0;
        for (int i = 0; i < 256 * 256; i++) {
            double[] place = toScene.apply((i % 256) + 0.5, Math.floorDiv(i, 256) + 0.5);
            int x = (int) Math.floor(place[0]);
            int y = (int) Math.floor(place[1]);
            // On the line between two pixels either is right.
            boolean clear =
                    Math.abs(place[0] - Math.rint(place[0])) > 0.02 && Math.abs(place[1] - Math.rint(place[1])) > 0.02;
            if (clear) {
                boolean inside = x >= 0 && y >= 0 && x < grid.width() && y < grid.height();
                expected[i] = inside ? values[y * grid.width() + x] & 0xff : MISSING;
                compared += inside ? 1 : 0;
            }
        }
        assertThat(stored).isEqualTo(expected);
        assertThat(compared).isGreaterThan(10_000);
    }

    @Test
    void theExtentIsThatOfTheGroundInWebMercator() throws Exception {
        // Corners of the grid as gdaltransform -s_srs EPSG:32633 -t_srs EPSG:3857 gives them.
        SceneView view = tiles.view("job", () -> scene(Grid.of(400, 300, NORTH_UP, UTM), new byte[400 * 300]));
        assertThat(view.extent().get(0)).isCloseTo(1_669_792.3619, within(0.01));
        assertThat(view.extent().get(3)).isCloseTo(5_934_492.1514, within(0.01));
        assertThat(view.pixelAreaM2().orElseThrow()).isCloseTo(0.25, within(0.001));
    }

    @Test
    void imagesOfTheSamePlaceLieUnderEachOtherWhateverTheirGrids() throws Exception {
        Grid grid = Grid.of(256, 256, NORTH_UP, UTM);
        // The later image has half the resolution and starts further west.
        Grid coarse = Grid.of(192, 192, Affine.northUp(500_000 - 32, 5_200_000 + 32, 1, 1), UTM);
        Path before = folder.resolve("before.tif");
        Path after = folder.resolve("after.tif");
        write(before, grid, gradient(grid), 3);
        write(after, coarse, gradient(coarse), 3);
        Path probability = folder.resolve("probability.tif");
        writeProbability(probability, grid, new byte[256 * 256]);
        SceneFiles files = new SceneFiles(
                () -> Rasters.open(before), () -> Rasters.open(after), probability, Optional.empty(), Optional.empty());
        SceneView view = tiles.view("job", () -> files);
        double side = 2 * Math.PI * 6_378_137 / (1 << view.maxZoom());
        int column = middle(view, 0, 2, side);
        int row = (1 << view.maxZoom()) - 1 - middle(view, 1, 3, side);
        TileAddress address = new TileAddress(view.maxZoom(), column, row);
        Raster earlier = tile("job", files, Layer.BEFORE, address);
        Raster later = tile("job", files, Layer.AFTER, address);
        for (int i = 0; i < 256; i += 5) {
            if (earlier.getSample(i, 128, 3) == 255) {
                assertThat((double) earlier.getSample(i, 128, 0)).isCloseTo(later.getSample(i, 128, 0), within(2.0));
            }
        }
    }

    @Test
    void theHistogramCountsEveryPixel() throws Exception {
        Grid grid = Grid.plain(300, 200);
        byte[] values = random(10, grid, 256);
        SceneView view = tiles.view("job", () -> scene(grid, values));
        long[] counts = new long[256];
        for (byte value : values) {
            counts[value & 0xff]++;
        }
        assertThat(view.histogram())
                .containsExactly(Arrays.stream(counts).boxed().toArray(Long[]::new));
        assertThat(view.validPixels()).isEqualTo(60_000 - counts[255]);
    }

    @Test
    void thePictureOfTheProbabilityIsExactWhereItIsNotReduced() throws Exception {
        Grid grid = Grid.plain(301, 203);
        byte[] values = random(11, grid, 256);
        BufferedImage picture =
                ImageIO.read(new ByteArrayInputStream(tiles.probability("job", () -> scene(grid, values), 512)));
        assertThat(picture.getWidth()).isEqualTo(301);
        int[] expected = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            expected[i] = values[i] & 0xff;
        }
        assertThat(stored(picture.getRaster())).isEqualTo(expected);
    }

    @Test
    void theReducedPictureKeepsTheMean() throws Exception {
        Grid grid = Grid.plain(1000, 700);
        byte[] values = random(12, grid, 255);
        BufferedImage picture =
                ImageIO.read(new ByteArrayInputStream(tiles.probability("job", () -> scene(grid, values), 300)));
        assertThat(picture.getWidth()).isEqualTo(250);
        assertThat(picture.getHeight()).isEqualTo(175);
        double sum = 0;
        for (int i = 0; i < 250 * 175; i++) {
            sum += picture.getRaster().getSample(i % 250, i / 250, 0);
        }
        double expected = 0;
        for (byte value : values) {
            expected += value & 0xff;
        }
        assertThat(sum / (250 * 175)).isCloseTo(expected / values.length, within(0.5));
    }

    @Test
    void whereTheTruthIsKnownItIsCountedAndShown() throws Exception {
        Grid grid = Grid.plain(320, 160);
        byte[] values = random(13, grid, 255);
        byte[] truth = new byte[values.length];
        long[] expected = new long[256];
        for (int i = 0; i < truth.length; i++) {
            if (i % 320 < 100) {
                truth[i] = (byte) 255;
                expected[values[i] & 0xff]++;
            }
        }
        SceneFiles plain = scene(grid, values);
        Path mask = folder.resolve("mask.tif");
        write(mask, grid, truth, 1);
        SceneFiles files =
                new SceneFiles(plain.before(), plain.after(), plain.probability(), Optional.of(mask), Optional.empty());
        SceneView view = tiles.view("job", () -> files);
        assertThat(view.layers()).contains("truth");
        assertThat(view.truthHistogram().orElseThrow())
                .containsExactly(Arrays.stream(expected).boxed().toArray(Long[]::new));
        Raster tile = ImageIO.read(
                        new ByteArrayInputStream(tiles.tile("job", () -> files, Layer.TRUTH, new TileAddress(1, 0, 0))
                                .orElseThrow()))
                .getRaster();
        assertThat(tile.getSample(99, 0, 0)).isEqualTo(255);
        assertThat(tile.getSample(100, 0, 0)).isZero();
    }

    /// A detector that knows no pixels of half a metre finds changes in others.
    @ParameterizedTest
    @ValueSource(doubles = {1, 0.25})
    void theTruthNeedNotHaveThePixelsOfTheResult(double size) throws Exception {
        Grid grid =
                Grid.of((int) (120 / size), (int) (100 / size), Affine.northUp(500_000, 5_200_000, size, size), UTM);
        byte[] values = cells(grid, 200, 10);
        SceneFiles plain = scene(grid, values);
        Grid fine = Grid.of(240, 200, NORTH_UP, UTM);
        Path mask = folder.resolve("mask.tif");
        write(mask, fine, cells(fine, 255, 0), 1);
        SceneFiles files =
                new SceneFiles(plain.before(), plain.after(), plain.probability(), Optional.of(mask), Optional.empty());
        SceneView view = tiles.view("job", () -> files);
        long[] expected = new long[256];
        for (byte value : values) {
            expected[200] += (value & 0xff) == 200 ? 1 : 0;
        }
        assertThat(view.truthHistogram().orElseThrow())
                .containsExactly(Arrays.stream(expected).boxed().toArray(Long[]::new));

        double side = 2 * Math.PI * 6_378_137 / (1 << view.maxZoom());
        TileAddress address = new TileAddress(
                view.maxZoom(), middle(view, 0, 2, side), (1 << view.maxZoom()) - 1 - middle(view, 1, 3, side));
        int[] found = stored(tile("job", files, Layer.PROBABILITY, address));
        int[] real = stored(tile("job", files, Layer.TRUTH, address));
        // What is marked and what is missing are both 255 here.
        int[] wanted = Arrays.stream(found).map(value -> value == 10 ? 0 : 255).toArray();
        assertThat(real).isEqualTo(wanted);
        assertThat(wanted).contains(0, 255);

        byte[] png = tiles.overview("job", () -> files, Overlay.TRUTH, 0.5, 120).orElseThrow();
        Raster picture = ImageIO.read(new ByteArrayInputStream(png)).getRaster();
        for (int i = 0; i < 120 * 100; i++) {
            int x = i % 120;
            int y = i / 120;
            boolean blue = picture.getSample(x, y, 2) > picture.getSample(x, y, 0) + 20;
            assertThat(blue).as("pixel %d, %d", x, y).isEqualTo(isMarked(x, y));
        }
    }

    /// One of two values for each square metre.
    private static byte[] cells(Grid grid, int marked, int other) {
        byte[] values = new byte[grid.width() * grid.height()];
        double metres = grid.transform().orElseThrow().pixelWidth();
        for (int i = 0; i < values.length; i++) {
            int x = i % grid.width();
            int y = i / grid.width();
            values[i] = (byte) (isMarked((int) ((x + 0.5) * metres), (int) ((y + 0.5) * metres)) ? marked : other);
        }
        return values;
    }

    private static boolean isMarked(int column, int row) {
        return (column * 7 + row * 13) % 5 == 0;
    }

    @Test
    void aSceneAcrossThe180thMeridianIsNotSpreadOverTheWorld() throws Exception {
        Crs zone = Crs.ofEpsg(32660);
        double[] middle = Crs.ofEpsg(4326).to(zone).apply(180, 10);
        Grid across = Grid.of(400, 300, Affine.northUp(middle[0] - 100, middle[1] + 75, 0.5, 0.5), zone);
        SceneView view = tiles.view("job", () -> scene(across, new byte[400 * 300]));
        assertThat(view.scheme()).isEqualTo("pixels");
        assertThat(view.extent()).containsExactly(0.0, -300.0, 400.0, 0.0);

        Grid degrees = Grid.of(40, 20, Affine.northUp(179, 10, 0.05, 0.05), Crs.ofEpsg(4326));
        assertThat(tiles.view("degrees", () -> scene(degrees, new byte[800])).scheme())
                .isEqualTo("pixels");
        // Nearly all of the Earth is as wide, and in one piece.
        Grid world = Grid.of(340, 160, Affine.northUp(-170, 80, 1, 1), Crs.ofEpsg(4326));
        assertThat(tiles.view("world", () -> scene(world, new byte[340 * 160])).scheme())
                .isEqualTo("xyz");
    }

    @Test
    void aResultThatIsForgottenIsNotShownFromMemory() throws Exception {
        SceneFiles files = scene(Grid.plain(300, 300), new byte[90_000]);
        TileAddress address = new TileAddress(1, 0, 0);
        tiles.tile("job", () -> files, Layer.PROBABILITY, address);
        tiles.tile("other", () -> files, Layer.PROBABILITY, address);
        Files.delete(files.probability());
        tiles.forget("job");
        tiles.forget("never seen");

        assertThatThrownBy(() -> tiles.tile("job", () -> files, Layer.PROBABILITY, address))
                .isInstanceOf(RasterException.class);
        assertThat(tiles.tile("other", () -> files, Layer.PROBABILITY, address)).isPresent();
    }

    @Test
    void anOverviewMarksWhatReachesTheThreshold() throws Exception {
        Grid grid = Grid.plain(400, 200);
        byte[] values = new byte[400 * 200];
        Arrays.fill(values, 0, values.length / 2, (byte) 200);
        SceneFiles files = scene(grid, values);
        byte[] png =
                tiles.overview("job", () -> files, Overlay.DETECTED, 0.5, 100).orElseThrow();
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(picture.getWidth()).isEqualTo(100);
        assertThat(picture.getHeight()).isEqualTo(50);
        // The ground is grey; the overlay is not.
        assertThat(picture.getRaster().getSample(50, 10, 0))
                .isGreaterThan(picture.getRaster().getSample(50, 10, 1) + 50);
        assertThat(picture.getRaster().getSample(50, 40, 0))
                .isEqualTo(picture.getRaster().getSample(50, 40, 1));
        assertThat(tiles.overview("job", () -> files, Overlay.TRUTH, 0.5, 100)).isEmpty();
    }

    @Test
    void theMeshPlacesTheSceneOnTheMap() throws Exception {
        SceneView view = tiles.view("job", () -> scene(Grid.of(400, 300, NORTH_UP, UTM), new byte[400 * 300]));
        SceneView.Mesh mesh = view.mesh().orElseThrow();
        assertThat(mesh.points()).hasSize(2 * (mesh.columns() + 1) * (mesh.rows() + 1));
        // The upper left and lower right corner as gdaltransform gives them.
        assertThat(mesh.points().get(0)).isCloseTo(1_669_792.3619, within(0.001));
        assertThat(mesh.points().get(1)).isCloseTo(5_934_492.1514, within(0.001));
        assertThat(mesh.points().get(mesh.points().size() - 2)).isCloseTo(1_670_084.9484, within(0.001));
        assertThat(mesh.points().getLast()).isCloseTo(5_934_272.0147, within(0.001));
    }

    @Test
    void whatTheResultDoesNotHaveIsNoTile() throws Exception {
        SceneFiles files = scene(Grid.plain(300, 300), new byte[90_000]);
        assertThat(tiles.tile("job", () -> files, Layer.TRUTH, new TileAddress(0, 0, 0)))
                .isEmpty();
        assertThat(tiles.tile("job", () -> files, Layer.BEFORE, new TileAddress(5, 0, 0)))
                .isEmpty();
        assertThatThrownBy(() -> new TileAddress(3, 8, 0)).hasMessageContaining("8 columns");
    }

    @Test
    void aResultThatIsGoneIsNamed() throws Exception {
        SceneFiles files = scene(Grid.plain(300, 300), new byte[90_000]);
        Files.delete(files.probability());
        assertThatThrownBy(() -> tiles.view("job", () -> files))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("probability.tif");
    }

    @Test
    void moreScenesThanStayOpenCanBeLookedAt() throws Exception {
        SceneFiles files = scene(Grid.plain(64, 64), new byte[64 * 64]);
        for (int i = 0; i < 20; i++) {
            assertThat(tiles.view("job " + i, () -> files).width()).isEqualTo(64);
        }
        assertThat(tiles.tile("job 0", () -> files, Layer.BEFORE, new TileAddress(0, 0, 0)))
                .isPresent();
    }

    private Raster tile(String job, SceneFiles files, Layer layer, TileAddress address) throws Exception {
        byte[] png = tiles.tile(job, () -> files, layer, address).orElseThrow();
        return ImageIO.read(new ByteArrayInputStream(png)).getRaster();
    }

    /// The tile column, or the row counted from below, in the middle of the scene.
    private static int middle(SceneView view, int low, int high, double side) {
        double place = (view.extent().get(low) + view.extent().get(high)) / 2;
        return (int) Math.floor(place / side + (1 << view.maxZoom()) / 2.0);
    }

    /// What the probability raster held at each pixel of a picture.
    private static int[] stored(Raster picture) {
        int[] values = new int[picture.getWidth() * picture.getHeight()];
        for (int i = 0; i < values.length; i++) {
            int x = i % picture.getWidth();
            int y = i / picture.getWidth();
            values[i] = picture.getSample(x, y, 1) == 0 ? MISSING : picture.getSample(x, y, 0);
        }
        return values;
    }

    private SceneFiles scene(Grid grid, byte[] probability) throws IOException {
        Path image = folder.resolve("image.tif");
        write(image, grid, gradient(grid), 3);
        Path raster = folder.resolve("probability.tif");
        writeProbability(raster, grid, probability);
        return new SceneFiles(
                () -> Rasters.open(image), () -> Rasters.open(image), raster, Optional.empty(), Optional.empty());
    }

    private static void write(Path file, Grid grid, byte[] band, int bands) throws IOException {
        byte[][] all = new byte[bands][];
        Arrays.fill(all, band);
        try (CogWriter writer = CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, bands))) {
            writer.append(PixelBlock.ofBytes(grid.window(), all));
            writer.finish();
        }
    }

    private static void writeProbability(Path file, Grid grid, byte[] values) throws IOException {
        CogOptions options = CogOptions.of(SampleType.UINT8, 1).withNodata(255).withResampling(Resampling.AVERAGE);
        try (CogWriter writer = CogWriter.create(file, grid, options)) {
            writer.append(PixelBlock.ofBytes(grid.window(), values));
            writer.finish();
        }
    }

    /// Brightness that rises from west to east with the ground, so that grids can be compared.
    private static byte[] gradient(Grid grid) {
        byte[] values = new byte[grid.width() * grid.height()];
        Affine ground = grid.transform().orElse(NORTH_UP);
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) Math.clamp(Math.round(64 + ground.x(i % grid.width() + 0.5, 0) - 500_000), 0L, 255L);
        }
        return values;
    }

    private static byte[] random(long seed, Grid grid, int bound) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] values = new byte[grid.width() * grid.height()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) random.nextInt(bound);
        }
        return values;
    }
}
