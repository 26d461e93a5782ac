package org.terrachange.raster.polygon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.algorithm.distance.DiscreteHausdorffDistance;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

class PolygonSimplifierTest {

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2.5, 20})
    void simplifiedOutlinesStayValidNearAndWithTheirHoles(double tolerance) throws IOException {
        long seed = new SplittableRandom().nextLong();
        System.out.println("PolygonSimplifierTest: seed " + seed);
        var random = new SplittableRandom(seed);
        SampleMask[] masks = {
            SampleMask.noise(random, 40, 40, 0.55),
            SampleMask.noise(random, 24, 24, 0.7),
            SampleMask.blobs(random, 80, 80, 15, 12),
            SampleMask.rings(31),
            SampleMask.spiral(31)
        };
        for (SampleMask mask : masks) {
            var polygonizer = new Polygonizer(mask.width(), 1, component -> {
                Polygon simplified = PolygonSimplifier.simplify(component.outline(), tolerance);
                assertThat(simplified.isValid()).isTrue();
                assertThat(simplified.getArea()).isPositive();
                assertThat(simplified.getNumInteriorRing())
                        .isEqualTo(component.outline().getNumInteriorRing());
                assertThat(simplified.getNumPoints())
                        .isLessThanOrEqualTo(component.outline().getNumPoints());
                assertThat(DiscreteHausdorffDistance.distance(simplified, component.outline()))
                        .isLessThanOrEqualTo(2 * tolerance);
            });
            polygonizer.append(mask.height(), mask.mask(), mask.probability());
            polygonizer.finish();
        }
    }

    @Test
    void stairsBecomeASlope() throws ParseException {
        var stairs = polygon("POLYGON ((0 0, 1 0, 1 1, 2 1, 2 2, 3 2, 3 3, 4 3, 4 4, 5 4, 5 5, 0 5, 0 0))");
        assertThat(PolygonSimplifier.simplify(stairs, 1).getNumPoints()).isLessThan(7);
    }

    @Test
    void zeroKeepsTheOutline() throws ParseException {
        var square = polygon("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))");
        assertThat((Object) PolygonSimplifier.simplify(square, 0)).isSameAs(square);
    }

    @Test
    void aSinglePixelSurvivesAnyTolerance() throws ParseException {
        var square = polygon("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))");
        assertThat(PolygonSimplifier.simplify(square, 1000).getArea()).isPositive();
    }

    @Test
    void tolerancesAreReadInPixelsAndMetres() {
        assertThat(Tolerance.parse("1.5px")).isEqualTo(new Tolerance(1.5, Tolerance.Unit.PIXELS));
        assertThat(Tolerance.parse(" 2 M ")).isEqualTo(new Tolerance(2, Tolerance.Unit.METRES));
        assertThat(Tolerance.parse("0")).isEqualTo(new Tolerance(0, Tolerance.Unit.PIXELS));
        for (String wrong : new String[] {"", "m", "2km", "two", "1,5px"}) {
            assertThatThrownBy(() -> Tolerance.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "' is not a tolerance; write pixels as 1.5px or metres as 2m");
        }
        for (String wrong : new String[] {"-1px", "1e999m"}) {
            assertThatThrownBy(() -> Tolerance.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least 0");
        }
    }

    private static Polygon polygon(String wkt) throws ParseException {
        return (Polygon) new WKTReader().read(wkt);
    }
}
