package org.terrachange.raster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RasterStatisticsTest {

    @Test
    void nodataAndNanAreLeftOut() throws IOException {
        var source = new Floats(3, 2, OptionalDouble.of(-9), new float[] {1, Float.NaN, -9, 4, 7, -9});

        RasterStatistics statistics = RasterStatistics.of(source);

        assertThat(statistics.bands()).containsExactly(new RasterStatistics.Band(3, 1, 7, 4));
    }

    @Test
    void aBandWithoutValidPixelsHasNoNumbers() throws IOException {
        var source = new Floats(1, 1, OptionalDouble.of(Double.NaN), new float[] {Float.NaN});

        assertThat(RasterStatistics.of(source).bands())
                .containsExactly(new RasterStatistics.Band(0, Double.NaN, Double.NaN, Double.NaN));
    }

    @Test
    void smallSamplesAreNotLostBesideLargeOnes() throws IOException {
        // Plain summation loses every 1 beside 1e17, which a double holds in steps of 16.
        var samples = new float[1001];
        java.util.Arrays.fill(samples, 1);
        samples[0] = 1e17f;
        var source = new Floats(1001, 1, OptionalDouble.empty(), samples);

        double sum = RasterStatistics.of(source).bands().getFirst().mean() * 1001;

        assertThat(sum - (double) 1e17f).isBetween(900.0, 1100.0);
    }

    @Test
    void anInfiniteSampleMakesTheMeanInfinite() throws IOException {
        var source = new Floats(2, 1, OptionalDouble.empty(), new float[] {1, Float.POSITIVE_INFINITY});

        assertThat(RasterStatistics.of(source).bands().getFirst().mean()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void windowsCoverEachPixelOnceAndStaySmall() throws IOException {
        // Six times the window budget of 16 MiB, in blocks whose rows alone exceed it.
        int width = 12_000;
        int height = 2_100;
        var source = new Floats(width, height, OptionalDouble.empty(), new float[0]);
        List<Double> progress = new ArrayList<>();

        RasterStatistics.Band band =
                RasterStatistics.of(source, progress::add).bands().getFirst();

        assertThat(band.valid()).isEqualTo((long) width * height);
        assertThat(source.largest).isLessThanOrEqualTo(4L << 20);
        assertThat(progress).isSorted().hasSizeGreaterThan(5);
        assertThat(progress.getLast()).isEqualTo(1);
    }

    @Test
    void aSharedSceneHasTheNumbersThatGdalComputes() throws Exception {
        Path file = SharedData.require("geotiff/rio-tiler__cog_dateline.tif");
        List<String> expected = Gdal.python(List.of("-c", """
                import sys
                from osgeo import gdal
                gdal.SetConfigOption('GDAL_PAM_ENABLED', 'NO')
                d = gdal.Open(sys.argv[1])
                print(*map(repr, d.GetRasterBand(1).ComputeStatistics(False)[:3]))
                """, file.toString()));
        try (RasterSource source = Rasters.open(file)) {
            RasterStatistics.Band band = RasterStatistics.of(source).bands().getFirst();
            String[] numbers = expected.getFirst().split(" ");
            assertThat(band.minimum()).isEqualTo(Double.parseDouble(numbers[0]));
            assertThat(band.maximum()).isEqualTo(Double.parseDouble(numbers[1]));
            assertThat(band.mean())
                    .isCloseTo(Double.parseDouble(numbers[2]), org.assertj.core.data.Percentage.withPercentage(1e-9));
        }
    }

    /// One band in memory, in blocks of 512 rows of the whole width; without samples it is all zeros.
    private static final class Floats implements RasterSource {
        private final Grid grid;
        private final OptionalDouble nodata;
        private final float[] samples;
        private long largest;

        Floats(int width, int height, OptionalDouble nodata, float[] samples) {
            this.grid = new Grid(width, height, Optional.empty(), Optional.empty());
            this.nodata = nodata;
            this.samples = samples;
        }

        @Override
        public String location() {
            return "memory";
        }

        @Override
        public String reader() {
            return "memory";
        }

        @Override
        public Grid grid() {
            return grid;
        }

        @Override
        public Storage storage() {
            return new Storage("memory", "none", "strip", grid.width(), 512, "band", 0);
        }

        @Override
        public int bands() {
            return 1;
        }

        @Override
        public SampleType type() {
            return SampleType.FLOAT32;
        }

        @Override
        public BandRole role(int band) {
            return BandRole.GRAY;
        }

        @Override
        public OptionalDouble nodata() {
            return nodata;
        }

        @Override
        public PixelBlock read(Window window, int... bands) {
            RasterSource.checkedBands(this, window, bands);
            largest = Math.max(largest, window.area());
            PixelBlock block = PixelBlock.allocate(window, SampleType.FLOAT32, 1);
            for (int y = 0; samples.length > 0 && y < window.height(); y++) {
                System.arraycopy(
                        samples,
                        (window.y() + y) * grid.width() + window.x(),
                        block.floats(0),
                        y * window.width(),
                        window.width());
            }
            return block;
        }

        @Override
        public void close() {}
    }
}
