package org.terrachange.raster.vector;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.terrachange.raster.Grid;
import org.terrachange.raster.polygon.GroundMeasure;
import org.terrachange.raster.polygon.MaskComponent;
import org.terrachange.raster.polygon.PolygonSimplifier;
import org.terrachange.raster.polygon.Tolerance;

/// Places the patches of a mask on the ground: measures them, simplifies their outlines if asked, and moves
/// them from pixel to ground coordinates.
///
/// On a grid that is not georeferenced, one with an affine map but no CRS included, features keep pixel
/// coordinates.
public final class GroundFeatures {
    private static final GeometryFactory GEOMETRY = new GeometryFactory();

    private final Optional<AffineTransformation> toGround;
    /// Decimals that tell apart places a thousandth of a pixel from each other.
    private final int keyDecimals;

    private final GroundMeasure measure;
    private final Tolerance tolerance;
    private final Optional<String> before;
    private final Optional<String> after;

    /// For the patches of one pair of images.
    ///
    /// @param grid of the mask
    /// @param measure as [GroundMeasure#of] chooses it for the grid
    /// @param tolerance of the simplification; 0 for exact outlines
    /// @param before when the first image was taken, ISO 8601
    /// @param after when the second image was taken, ISO 8601
    /// @throws IllegalArgumentException if the tolerance is in metres and the grid on no ground
    public GroundFeatures(
            Grid grid, GroundMeasure measure, Tolerance tolerance, Optional<String> before, Optional<String> after) {
        if (tolerance.unit() == Tolerance.Unit.METRES && measure instanceof GroundMeasure.Pixels) {
            throw new IllegalArgumentException("a tolerance of " + tolerance.value()
                    + " m needs a georeferenced image; give the tolerance in pixels, such as 1.5px");
        }
        this.toGround = grid.transform()
                .filter(_ -> grid.isGeoreferenced())
                .map(t -> new AffineTransformation(t.a(), t.b(), t.c(), t.d(), t.e(), t.f()));
        this.keyDecimals = grid.transform()
                .map(t -> Math.min(t.pixelWidth(), t.pixelHeight()))
                .map(pixel -> Math.clamp((int) Math.ceil(3 - Math.log10(pixel)), 0, 15))
                .orElse(0);
        this.measure = measure;
        this.tolerance = tolerance;
        this.before = before;
        this.after = after;
    }

    /// The feature of one patch.
    public ChangeFeature place(MaskComponent component) {
        Polygon exact = (Polygon) onGround(component.outline());
        return new ChangeFeature(
                component.id(),
                key(component.outline().getCoordinate()),
                simplified(component.outline(), exact),
                component.pixels(),
                measure.area(exact),
                measure.perimeter(exact),
                component.meanProbability(),
                component.maxProbability(),
                before,
                after);
    }

    /// @param corner upper left corner of the first pixel of a patch, at which its outline starts
    private String key(Coordinate corner) {
        if (toGround.isEmpty()) {
            return (int) corner.x + "," + (int) corner.y;
        }
        Coordinate centre = toGround.get().transform(new Coordinate(corner.x + 0.5, corner.y + 0.5), new Coordinate());
        return keyNumber(centre.x) + "," + keyNumber(centre.y);
    }

    /// Rounded, so that the rounding errors of the affine map of a crop do not show.
    private String keyNumber(double value) {
        BigDecimal rounded = new BigDecimal(value).setScale(keyDecimals, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private Polygon simplified(Polygon outline, Polygon exact) {
        if (tolerance.value() == 0) {
            return exact;
        }
        double pixels = switch (tolerance.unit()) {
            case PIXELS -> tolerance.value();
            case METRES -> tolerance.value() / longerSide(outline.getCoordinate());
        };
        Polygon placed = (Polygon) onGround(PolygonSimplifier.simplify(outline, pixels));
        return placed.isValid() ? placed : exact;
    }

    /// The longer side of the pixel at a place, so that a tolerance in metres holds in both directions.
    private double longerSide(Coordinate pixel) {
        return Math.max(side(pixel, 1, 0), side(pixel, 0, 1));
    }

    private double side(Coordinate pixel, int columns, int rows) {
        Coordinate[] ends = {pixel, new Coordinate(pixel.x + columns, pixel.y + rows)};
        return measure.length((LineString) onGround(GEOMETRY.createLineString(ends)));
    }

    private Geometry onGround(Geometry pixels) {
        return toGround.map(map -> map.transform(pixels)).orElse(pixels);
    }
}
