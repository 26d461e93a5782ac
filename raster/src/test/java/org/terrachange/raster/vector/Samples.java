package org.terrachange.raster.vector;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.GeoKeys;
import org.terrachange.raster.Grid;
import org.terrachange.raster.polygon.SceneLonLat;

/// A scene in UTM zone 15 north at Houston, with a stand-in for its projection.
final class Samples {
    private Samples() {}

    static final Affine AFFINE = Affine.northUp(270_000, 3_290_000, 0.5, 0.5);

    /// GTModelType projected, GTRasterType area, ProjectedCRS 32615.
    static final Crs UTM_15_NORTH = Crs.ofGeoKeys(
            new GeoKeys(List.of(1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32615), List.of(), ""));

    /// Without EPSG code: GTModelType projected, ProjectedCRS user-defined, citation.
    static final Crs USER_DEFINED = Crs.ofGeoKeys(new GeoKeys(
            List.of(1, 1, 0, 3, 1024, 0, 1, 1, 3072, 0, 1, 32767, 3073, 34737, 11, 0), List.of(), "lab ground|"));

    static final Grid GRID = Grid.of(1000, 1000, AFFINE, UTM_15_NORTH);

    static final SceneLonLat LON_LAT = SceneLonLat.of(GRID, Samples::toWgs84);

    static final Layer PIXELS = Layer.ofPixels("changes");

    static Layer onGround(OptionalInt epsg) {
        Crs crs = epsg.isPresent() ? Crs.ofEpsg(epsg.getAsInt()) : USER_DEFINED;
        return Layer.onGround("changes", new Layer.GroundReference(crs, LON_LAT));
    }

    /// The plane that touches the true projection (PROJ 9.5) at the upper left corner, right to a metre over
    /// the scene.
    private static Coordinate toWgs84(Coordinate c) {
        double east = c.x - 270_000;
        double north = c.y - 3_290_000;
        return new Coordinate(
                -95.37768851779747 + 1.03303846e-5 * east - 2.1262e-7 * north,
                29.71885870426525 + 1.8541e-7 * east + 9.0171989e-6 * north);
    }

    static ChangeFeature feature(long id, String wkt) {
        return new ChangeFeature(
                id,
                "270000.25,3289999.75",
                polygon(wkt),
                1234,
                OptionalDouble.of(308.5),
                87.25,
                0.8333333,
                0.99,
                Optional.of("2017-03-01"),
                Optional.empty());
    }

    static Polygon polygon(String wkt) {
        try {
            return (Polygon) new WKTReader().read(wkt);
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
