package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;
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
    void theKeyIsThePlaceOfTheFirstPixel() {
        assertThat(place(Samples.GRID, new GroundMeasure.Plane(1), "0").key()).isEqualTo("270000.25,3289999.75");
        assertThat(place(Grid.plain(10, 10), new GroundMeasure.Pixels(), "0").key())
                .isEqualTo("0,0");
        Grid degrees = Grid.of(10, 10, Affine.northUp(-0.000045, 0.000045, 0.00009, 0.00009), Crs.ofEpsg(4326));
        assertThat(place(degrees, new GroundMeasure.Plane(1), "0").key()).isEqualTo("0,0");
    }

    @Test
    void theKeyIsTheSameOnACropOfTheImage() {
        var affine = Affine.northUp(403_217.3, 5_812_111.9, 0.3, 0.3);
        Grid whole = Grid.of(1000, 1000, affine, Samples.UTM_15_NORTH);
        Grid crop = whole.crop(new Window(333, 777, 100, 100));
        MaskComponent inCrop = new MaskComponent(1, Samples.polygon("POLYGON ((7 9, 8 9, 8 10, 7 10, 7 9))"), 1, 1, 1);
        MaskComponent inWhole = new MaskComponent(
                5, Samples.polygon("POLYGON ((340 786, 341 786, 341 787, 340 787, 340 786))"), 1, 1, 1);
        assertThat(placer(crop, new GroundMeasure.Plane(1), "0").place(inCrop).key())
                .isEqualTo(placer(whole, new GroundMeasure.Plane(1), "0")
                        .place(inWhole)
                        .key())
                .isEqualTo("403319.45,5811875.95");
    }

    @Test
    void anAffineMapWithoutCrsIsNoGround() {
        var grid = new Grid(10, 10, Optional.of(Affine.northUp(5, 5, 2, 2)), Optional.empty());
        assertThat(place(grid, new GroundMeasure.Pixels(), "0").outline().equalsExact(STAIRS.outline()))
                .isTrue();
    }

    @Test
    void metresNeedAGeoreferencedImage() {
        assertThatThrownBy(() -> place(Grid.plain(10, 10), new GroundMeasure.Pixels(), "2m"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2.0 m needs a georeferenced image; give the tolerance in pixels");
    }

    private static ChangeFeature place(Grid grid, GroundMeasure measure, String tolerance) {
        return placer(grid, measure, tolerance).place(STAIRS);
    }

    private static GroundFeatures placer(Grid grid, GroundMeasure measure, String tolerance) {
        return new GroundFeatures(grid, measure, Tolerance.parse(tolerance), Optional.of("2017"), Optional.empty());
    }
}
