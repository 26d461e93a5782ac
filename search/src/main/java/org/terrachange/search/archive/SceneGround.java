package org.terrachange.search.archive;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.geom.util.AffineTransformationBuilder;
import org.terrachange.raster.Affine;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;
import org.terrachange.raster.polygon.GroundMeasure;
import org.terrachange.raster.polygon.SceneLonLat;
import org.terrachange.raster.vector.DateLine;
import org.terrachange.raster.vector.LonLatOutline;

/// Where the pixels of a georeferenced scene lie on the Earth.
public final class SceneGround {
    private static final GeometryFactory GEOMETRY = new GeometryFactory();

    private final AffineTransformation toGround;
    private final SceneLonLat lonLat;
    private final GroundMeasure measure;

    private SceneGround(Affine map, SceneLonLat lonLat, GroundMeasure measure) {
        toGround = new AffineTransformation(map.a(), map.b(), map.c(), map.d(), map.e(), map.f());
        this.lonLat = lonLat;
        this.measure = measure;
    }

    /// Absent for a scene that is not georeferenced.
    ///
    /// @throws CrsException if there is no way from its coordinates to WGS 84
    public static Optional<SceneGround> of(Grid grid) throws CrsException {
        if (!grid.isGeoreferenced()) {
            return Optional.empty();
        }
        SceneLonLat lonLat = SceneLonLat.of(grid);
        return Optional.of(new SceneGround(grid.transform().orElseThrow(), lonLat, GroundMeasure.of(grid, lonLat)));
    }

    /// The outline of a window, longitude and latitude.
    public Geometry footprint(Window window) {
        return onEarth(
                (Polygon) GEOMETRY.toGeometry(new Envelope(window.x(), window.right(), window.y(), window.bottom())));
    }

    /// Outlines, longitude and latitude.
    ///
    /// @param outlines in pixels
    Geometry onEarth(List<Polygon> outlines) {
        return GEOMETRY.buildGeometry(outlines.stream().map(this::onEarth).toList());
    }

    private Geometry onEarth(Polygon outline) {
        return LonLatOutline.of((Polygon) toGround.transform(outline), lonLat);
    }

    /// Area of some pixels of a window in square metres: its own by its share.
    OptionalDouble area(Window window, double share) {
        OptionalDouble whole = measure.area((Polygon) toGround.transform(
                GEOMETRY.toGeometry(new Envelope(window.x(), window.right(), window.y(), window.bottom()))));
        return whole.isPresent() ? OptionalDouble.of(whole.getAsDouble() * share) : OptionalDouble.empty();
    }

    /// Outlines in the pixels of a window, counted from its upper left corner; exact at three of its corners, and
    /// to a small part of a pixel inside a window of some hundred metres.
    ///
    /// @param outlines longitude and latitude, as [#onEarth] gives them
    Geometry inWindow(Window window, Geometry outlines) {
        Coordinate[] pixels = {
            new Coordinate(0, 0), new Coordinate(window.width(), 0), new Coordinate(0, window.height())
        };
        Coordinate[] earth = Arrays.stream(pixels)
                .map(pixel -> lonLat.apply(toGround.transform(
                        new Coordinate(pixel.x + window.x(), pixel.y + window.y()), new Coordinate())))
                .toArray(Coordinate[]::new);
        // The corners run on beyond 180 degrees where the scene does; outlines were cut there.
        Geometry near = DateLine.near(outlines, (earth[1].x + earth[2].x) / 2);
        return new AffineTransformationBuilder(earth[0], earth[1], earth[2], pixels[0], pixels[1], pixels[2])
                .getTransformation()
                .transform(near);
    }

    /// Outlines in pixels as one shape, for scenes without a place.
    static MultiPolygon inPixels(List<Polygon> outlines) {
        return GEOMETRY.createMultiPolygon(outlines.toArray(Polygon[]::new));
    }
}
