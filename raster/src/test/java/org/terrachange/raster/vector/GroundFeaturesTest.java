package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Grid;
import org.terrachange.raster.polygon.GroundMeasure;
import org.terrachange.raster.polygon.MaskComponent;
import org.terrachange.raster.polygon.Tolerance;

class GroundFeaturesTest {
    private static final MaskComponent STAIRS = new MaskComponent(
            3,
            Samples.polygon("POLYGON ((0 0, 1 0, 1 1, 2 1, 2 2, 3 2, 3 3, 4 3, 4 4, 5 4, 5 5, 0 5, 0 0))"),
            15,
            0.75,
            0.9);

    @Test
    void patchesMoveToTheGroundAndAreMeasured() {
        ChangeFeature feature = place(Samples.GRID, new GroundMeasure.Plane(1), "0");
        assertThat(feature.id()).isEqualTo(3);
        assertThat(feature.pixels()).isEqualTo(15);
        assertThat(feature.outline().getEnvelopeInternal().toString())
                .isEqualTo("Env[270000.0 : 270002.5, 3289997.5 : 3290000.0]");
        assertThat(feature.areaSquareMetres()).hasValue(15 * 0.25);
        assertThat(feature.perimeter()).isEqualTo(10);
        assertThat(feature.before()).hasValue("2017");
        assertThat(feature.after()).isEmpty();
    }

    @Test
    void simplificationChangesTheOutlineButNotTheMeasures() {
        ChangeFeature exact = place(Samples.GRID, new GroundMeasure.Plane(1), "0");
        ChangeFeature simplified = place(Samples.GRID, new GroundMeasure.Plane(1), "1px");
        assertThat(simplified.outline().getNumPoints())
                .isLessThan(exact.outline().getNumPoints());
        assertThat(simplified.areaSquareMetres()).isEqualTo(exact.areaSquareMetres());
        assertThat(simplified.perimeter()).isEqualTo(exact.perimeter());
    }

    @Test
    void aToleranceInMetresIsTurnedIntoPixelsOfTheScene() {
        ChangeFeature inMetres = place(Samples.GRID, new GroundMeasure.Plane(1), "0.5m");
        ChangeFeature inPixels = place(Samples.GRID, new GroundMeasure.Plane(1), "1px");
        assertThat(inMetres.outline().equalsExact(inPixels.outline())).isTrue();
        assertThat(place(Samples.GRID, new GroundMeasure.Plane(1), "0.1m")
                        .outline()
                        .getNumPoints())
                .isEqualTo(STAIRS.outline().getNumPoints());
    }

    @Test
    void aPlainPictureKeepsPixelCoordinates() {
        ChangeFeature feature = place(Grid.plain(10, 10), new GroundMeasure.Pixels(), "0");
        assertThat(feature.outline().equalsExact(STAIRS.outline())).isTrue();
        assertThat(feature.areaSquareMetres()).isEmpty();
        assertThat(feature.perimeter()).isEqualTo(20);
    }

    @Test
    void anAffineMapWithoutCrsIsNoGround() {
        var grid = new Grid(10, 10, Optional.of(Affine.northUp(5, 5, 2, 2)), Optional.empty());
        assertThat(place(grid, GroundMeasure.of(grid, c -> c), "0").outline().equalsExact(STAIRS.outline()))
                .isTrue();
    }

    @Test
    void metresNeedAGeoreferencedImage() {
        assertThatThrownBy(() -> place(Grid.plain(10, 10), new GroundMeasure.Pixels(), "2m"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2.0 m needs a georeferenced image; give the tolerance in pixels");
    }

    private static ChangeFeature place(Grid grid, GroundMeasure measure, String tolerance) {
        return new GroundFeatures(grid, measure, Tolerance.parse(tolerance), Optional.of("2017"), Optional.empty())
                .place(STAIRS);
    }
}
