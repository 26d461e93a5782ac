package org.terrachange.raster.warp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.warp.CommonGrid.Resolution;

class CommonGridTest {
    private static final Crs UTM33 = Crs.ofEpsg(32633);
    private static final Grid BEFORE = Grid.of(400, 300, Affine.northUp(500_000, 4_000_000, 0.5, 0.5), UTM33);

    private static CommonGrid of(Grid before, Grid after) throws IOException {
        return CommonGrid.of(before, after, TargetGrid.BEFORE, Resolution.NATIVE);
    }

    @Test
    void theCommonGridIsTheOverlapOnTheLinesOfTheChosenImage() throws IOException {
        Grid after = Grid.of(200, 400, Affine.northUp(500_050.2, 4_000_020, 0.7, 0.7), UTM33);
        CommonGrid common = of(BEFORE, after);
        // 50.2 m is 100.4 pixels: the partly covered column belongs to it.
        assertThat(common.grid()).isEqualTo(Grid.of(281, 300, Affine.northUp(500_050, 4_000_000, 0.5, 0.5), UTM33));
        assertThat(common.beforeDropped()).isCloseTo(60 / 200.0, within(1e-9));
        assertThat(common.afterDropped()).isCloseTo(1 - 140.0 * 150 / (140 * 280), within(1e-9));
        assertThat(common.gsd().getAsDouble()).isCloseTo(0.5, within(0.001));
        assertThat(common.toAfter().apply(0.4, 0)).satisfies(place -> {
            assertThat(place[0]).isCloseTo(0, within(1e-6));
            assertThat(place[1]).isCloseTo(20 / 0.7, within(1e-6));
        });
    }

    @Test
    void equalGridsStayWhole() throws IOException {
        CommonGrid common = of(BEFORE, BEFORE);
        assertThat(common.grid()).isEqualTo(BEFORE);
        assertThat(common.beforeDropped() + common.afterDropped()).isZero();
        assertThat(common.warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theTargetDecidesWhosePixelsTheResultHas(TargetGrid target) throws IOException {
        Grid after = Grid.of(1000, 1000, Affine.northUp(500_000, 4_000_000, 0.25, 0.25), UTM33);
        double pixel = CommonGrid.of(BEFORE, after, target, Resolution.NATIVE)
                .grid()
                .transform()
                .orElseThrow()
                .a();
        assertThat(pixel).isEqualTo(target == TargetGrid.BEFORE ? 0.5 : 0.25);
    }

    @Test
    void aResolutionIsInMetresOnTheGroundWhateverTheSystem() throws IOException {
        // At 60 degrees north Web Mercator shows everything twice as large.
        Grid mercator = Grid.of(600, 600, Affine.northUp(1_000_000, 8_399_737.9, 1, 1), Crs.ofEpsg(3857));
        CommonGrid common = CommonGrid.of(mercator, mercator, TargetGrid.BEFORE, metres -> {
            assertThat(metres).isCloseTo(0.5, within(0.005));
            return 1;
        });
        assertThat(common.grid().width()).isCloseTo(300, within(3));
        assertThat(common.gsd().getAsDouble()).isCloseTo(1, within(0.01));
    }

    @Test
    void degreesOfLongitudeShrinkTowardsThePole() throws IOException {
        Grid degrees = Grid.of(100, 100, Affine.northUp(15, 60.0005, 1e-5, 1e-5), Crs.ofEpsg(4326));
        // 1e-5 degrees are 1.114 m northward and 0.558 m eastward there.
        assertThat(GroundSampleDistance.of(degrees).getAsDouble())
                .isCloseTo(Math.sqrt(1.11415 * 0.55800), within(0.001));
        assertThat(GroundSampleDistance.of(Grid.plain(5, 5))).isEmpty();
    }

    @Test
    void aRotatedImageOverlapsInThePartThatItShows() throws IOException {
        double c = 0.5 * Math.cos(0.3);
        double s = 0.5 * Math.sin(0.3);
        Grid rotated = Grid.of(200, 200, new Affine(c, s, 500_060, s, -c, 3_999_990), UTM33);
        CommonGrid common = of(BEFORE, rotated);
        assertThat(BEFORE.window()
                        .contains(new org.terrachange.raster.Window(
                                0, 0, common.grid().width(), common.grid().height())))
                .isTrue();
        double[] place = common.toAfter().apply(30, 40);
        double[] ground = {
            common.grid().transform().orElseThrow().x(30, 40),
            common.grid().transform().orElseThrow().y(30, 40)
        };
        assertThat(rotated.transform().orElseThrow().x(place[0], place[1])).isCloseTo(ground[0], within(1e-6));
        assertThat(rotated.transform().orElseThrow().y(place[0], place[1])).isCloseTo(ground[1], within(1e-6));
    }

    @Test
    void imagesApartAreRefusedWithBothFootprints() {
        Grid far = Grid.of(400, 300, Affine.northUp(600_000, 4_000_000, 0.5, 0.5), UTM33);
        assertThatThrownBy(() -> of(BEFORE, far))
                .isInstanceOf(MisfitException.class)
                .hasMessageContaining("do not overlap")
                .hasMessageContaining("longitude 15.00000 to 15.00222")
                .hasMessageContaining("longitude 16.11");
    }

    @Test
    void imagesThatOnlyTouchAreRefused() {
        Grid beside = Grid.of(400, 300, Affine.northUp(500_200, 4_000_000, 0.5, 0.5), UTM33);
        assertThatThrownBy(() -> of(BEFORE, beside)).isInstanceOf(MisfitException.class);
    }

    @Test
    void anImageWithoutGeoreferenceBorrowsItWhereTheSizesMatchAndSaysSo() throws IOException {
        CommonGrid common = of(Grid.plain(400, 300), BEFORE);
        assertThat(common.grid()).isEqualTo(BEFORE);
        assertThat(common.warnings()).singleElement().asString().contains("only the later image says where");
        assertThatThrownBy(() -> of(BEFORE, Grid.plain(400, 301)))
                .isInstanceOf(MisfitException.class)
                .hasMessageContaining("400x300 and 400x301")
                .hasMessageContaining("only the earlier one");
        assertThatThrownBy(() -> of(Grid.plain(4, 4), Grid.plain(4, 5))).hasMessageContaining("neither");
    }

    @Test
    void anImageThatNamesNoSystemIsTakenToShareTheOthers() throws IOException {
        Grid nameless = new Grid(400, 300, BEFORE.transform(), Optional.empty());
        CommonGrid common = of(nameless, BEFORE);
        assertThat(common.grid()).isEqualTo(BEFORE);
        assertThat(common.warnings()).singleElement().asString().contains("only the later image names");
        assertThat(of(nameless, nameless).grid()).isEqualTo(nameless);
    }

    @Test
    void pixelsTooSmallForAnyImageAreRefused() {
        assertThatThrownBy(() -> CommonGrid.of(BEFORE, BEFORE, TargetGrid.BEFORE, _ -> 1e-9))
                .isInstanceOf(MisfitException.class)
                .hasMessageContaining("choose larger ones");
    }

    @Test
    void aStepIsMeasuredAlongItsOwnDirection() throws IOException {
        Grid degrees = Grid.of(100, 100, Affine.northUp(15, 60.0005, 1e-5, 1e-5), Crs.ofEpsg(4326));
        assertThat(GroundSampleDistance.ofStep(degrees, 10, 0).getAsDouble()).isCloseTo(5.58, within(0.01));
        assertThat(GroundSampleDistance.ofStep(degrees, 0, -10).getAsDouble()).isCloseTo(11.14, within(0.01));
        assertThat(GroundSampleDistance.ofStep(degrees, 10, 10).getAsDouble())
                .isCloseTo(Math.hypot(5.58, 11.14), within(0.01));
        assertThat(GroundSampleDistance.ofStep(Grid.plain(5, 5), 1, 1)).isEmpty();
    }

    @Test
    void gridsBeyondTheDateLineHavePixelsOfTheirTrueSize() throws IOException {
        Crs lonLat = Crs.ofEpsg(4326);
        double east = GroundSampleDistance.of(Grid.of(100, 100, Affine.northUp(170, 52, 1e-5, 1e-5), lonLat))
                .getAsDouble();
        for (double west : new double[] {179.9995, 180.5, 190, 350}) {
            Grid grid = Grid.of(100, 100, Affine.northUp(west, 52, 1e-5, 1e-5), lonLat);
            assertThat(GroundSampleDistance.of(grid).getAsDouble())
                    .as("%s", west)
                    .isCloseTo(east, within(1e-6));
        }
    }

    @Test
    void oneDateMayCountItsLongitudesOnAnotherTurnOfTheGlobe() throws IOException {
        Crs lonLat = Crs.ofEpsg(4326);
        Grid beyond = Grid.of(200, 100, Affine.northUp(179.999, 52, 1e-5, 1e-5), lonLat);
        Grid within = Grid.of(200, 100, Affine.northUp(-180.001, 52, 1e-5, 1e-5), lonLat);
        CommonGrid same = of(beyond, within);
        assertThat(same.grid()).isEqualTo(beyond);
        assertThat(same.toAfter().apply(150, 50)).satisfies(place -> {
            assertThat(place[0]).isCloseTo(150, within(1e-4));
            assertThat(place[1]).isCloseTo(50, within(1e-4));
        });

        // UTM zone 60 ends at the date line; the image reaches over it.
        Crs utm = Crs.ofEpsg(32660);
        double[] middle = lonLat.to(utm).apply(180, 51.9995);
        Grid projected = Grid.of(100, 100, Affine.northUp(middle[0] - 50, middle[1] + 50, 1, 1), utm);
        CommonGrid mixed = of(projected, beyond);
        assertThat(mixed.toAfter().apply(mixed.grid().width() - 1.0, 50)[0]).isBetween(100.0, 200.0);
        assertThat(mixed.grid().width()).isGreaterThan(90);
    }
}
