package org.terrachange.raster.rgb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterSource.BandRole;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.ColourTable;

class RasterColoursTest {
    private static final Grid GRID = Grid.plain(2, 2);

    @TempDir
    Path folder;

    private RasterSource bytes(CogOptions options, int[]... bands) throws Exception {
        byte[][] samples = new byte[bands.length][4];
        for (int band = 0; band < bands.length; band++) {
            for (int i = 0; i < 4; i++) {
                samples[band][i] = (byte) bands[band][i];
            }
        }
        return written(options, PixelBlock.ofBytes(GRID.window(), samples));
    }

    private RasterSource written(CogOptions options, PixelBlock block) throws Exception {
        Path file = folder.resolve("image.tif");
        try (CogWriter writer = CogWriter.create(file, GRID, options)) {
            writer.append(block);
            writer.finish();
        }
        return Rasters.open(file);
    }

    private static ColourBlock all(ColourSource colours) throws Exception {
        return colours.read(new Window(0, 0, 2, 2));
    }

    @Test
    void chosenBandsBecomeRedGreenAndBlueInTheirOrder() throws Exception {
        try (RasterSource source = bytes(
                CogOptions.of(SampleType.UINT8, 5),
                new int[] {1, 1, 1, 1},
                new int[] {2, 2, 2, 2},
                new int[] {3, 3, 3, 3},
                new int[] {4, 4, 4, 4},
                new int[] {5, 5, 5, 5})) {
            ColourBlock block = all(new RasterColours(source, BandChoice.parse("5, 3,1"), OptionalDouble.empty()));
            assertThat(block.planes()[0]).containsOnly(5);
            assertThat(block.planes()[1]).containsOnly(3);
            assertThat(block.planes()[2]).containsOnly(1);
            assertThatThrownBy(() -> new RasterColours(source, BandChoice.parse("1,2,6"), OptionalDouble.empty()))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("no band 6")
                    .hasMessageContaining("5 (undefined)");
        }
    }

    @Test
    void transparentPixelsAreMissing() throws Exception {
        try (RasterSource source = bytes(
                CogOptions.of(SampleType.UINT8, 4),
                new int[] {9, 9, 9, 9},
                new int[] {8, 8, 8, 8},
                new int[] {7, 7, 7, 7},
                new int[] {255, 0, 1, 255})) {
            assertThat(all(RasterColours.of(source)).missing()).containsExactly(false, true, false, false);
        }
    }

    @Test
    void nodataMustFillAllColoursForAPixelToBeMissing() throws Exception {
        try (RasterSource source = bytes(
                CogOptions.of(SampleType.UINT8, 3).withNodata(0),
                new int[] {0, 0, 200, 0},
                new int[] {0, 5, 0, 0},
                new int[] {0, 0, 0, 9})) {
            assertThat(all(RasterColours.of(source)).missing()).containsExactly(true, false, false, false);
            assertThat(all(new RasterColours(source, BandChoice.parse("2"), OptionalDouble.of(5)))
                            .missing())
                    .containsExactly(false, true, false, false);
        }
    }

    @Test
    void samplesThatAreNoNumbersAreMissing() throws Exception {
        PixelBlock block = PixelBlock.ofFloats(GRID.window(), new float[] {1, Float.NaN, Float.POSITIVE_INFINITY, 4});
        try (RasterSource source = written(CogOptions.of(SampleType.FLOAT32, 1), block)) {
            ColourBlock colours = all(RasterColours.of(source));
            assertThat(colours.missing()).containsExactly(false, true, true, false);
            assertThat(colours.planes()[1]).containsExactly(1, 0, 0, 4);
        }
    }

    @Test
    void paletteIndicesBecomeTheColoursTheyStandFor() throws Exception {
        ColourTable table = new ColourTable(Map.of(3, 0x0a141e, 7, 0xc89664));
        try (RasterSource source =
                bytes(CogOptions.of(SampleType.UINT8, 1).withColourTable(table), new int[] {3, 7, 7, 3})) {
            RasterColours colours = RasterColours.of(source);
            assertThat(colours.isEightBit()).isTrue();
            assertThat(all(colours).planes()[0]).containsExactly(10, 200, 200, 10);
            assertThat(all(colours).planes()[2]).containsExactly(30, 100, 100, 30);
        }
    }

    @Test
    void wordsThatAreNoChoiceOfBandsAreRefused() {
        for (String words : List.of("red", "1,2", "0,1,2", "1,2,3,4", "")) {
            assertThatThrownBy(() -> BandChoice.parse(words)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void overviewsKeepTheBandsOfTheImageWhateverTheirOwnTablesSay() throws Exception {
        Layered overview =
                new Layered(Grid.plain(1, 1), List.of(BandRole.GRAY, BandRole.UNDEFINED, BandRole.UNDEFINED));
        Layered image = new Layered(
                Grid.plain(2, 2), List.of(BandRole.BLUE, BandRole.GREEN, BandRole.RED), Optional.of(overview));
        ColourBlock whole = RasterColours.of(image).read(new Window(0, 0, 2, 2));
        ColourBlock reduced = RasterColours.of(image).reduced(2).read(new Window(0, 0, 1, 1));
        for (int colour = 0; colour < 3; colour++) {
            assertThat(reduced.planes()[colour][0])
                    .isEqualTo(whole.planes()[colour][0])
                    .isEqualTo(2 - colour);
        }
    }

    /// Every sample is the number of its band.
    private record Layered(Grid grid, List<BandRole> roles, Optional<RasterSource> smaller) implements RasterSource {
        Layered(Grid grid, List<BandRole> roles) {
            this(grid, roles, Optional.empty());
        }

        @Override
        public String location() {
            return "layered";
        }

        @Override
        public String reader() {
            return "test";
        }

        @Override
        public Storage storage() {
            return new Storage("none", "none", "none", 1, 1, "band", 0);
        }

        @Override
        public int bands() {
            return roles.size();
        }

        @Override
        public SampleType type() {
            return SampleType.UINT8;
        }

        @Override
        public BandRole role(int band) {
            return roles.get(band);
        }

        @Override
        public OptionalDouble nodata() {
            return OptionalDouble.empty();
        }

        @Override
        public RasterSource overview(double factor) {
            return smaller.orElse(this);
        }

        @Override
        public PixelBlock read(Window window, int... bands) {
            PixelBlock block = PixelBlock.allocate(window, SampleType.UINT8, bands.length);
            for (int i = 0; i < bands.length; i++) {
                Arrays.fill(block.bytes(i), (byte) bands[i]);
            }
            return block;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void aNodataValueIsTakenAsTheNearestFloatOfFloatImages() throws Exception {
        float[] lowest = {-Float.MAX_VALUE, 1, 2, 3};
        try (RasterSource source =
                written(CogOptions.of(SampleType.FLOAT32, 1), PixelBlock.ofFloats(GRID.window(), lowest))) {
            RasterColours colours = new RasterColours(source, BandChoice.BY_ROLE, OptionalDouble.of(-3.4028235e38));
            assertThat(all(colours).missing()).containsExactly(true, false, false, false);
        }
    }
}
