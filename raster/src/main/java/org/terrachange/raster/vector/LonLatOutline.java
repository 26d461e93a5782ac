package org.terrachange.raster.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.GeometryEditor;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.terrachange.raster.polygon.SceneLonLat;

/// Brings the outline of a patch into the form that RFC 7946 asks for: longitude and latitude on WGS 84, seven
/// decimals, nothing across the 180th meridian.
public final class LonLatOutline {
    private static final double UNITS_PER_DEGREE = 1e7;

    private LonLatOutline() {}

    /// The outline as a valid polygon or, where it is cut, multipolygon.
    ///
    /// @param ground outline in the ground coordinates of a scene
    public static Geometry of(Polygon ground, SceneLonLat lonLat) {
        Geometry whole = onEarth(ground, lonLat);
        if (!whole.isValid()) {
            // Two vertices that were distinct on the ground may meet, and a line straight there is not so here.
            whole = GeometryFixer.fix(whole);
        }
        Geometry cut = cutAtDateLine(whole);
        Geometry rounded = moved(cut, c -> new Coordinate(rounded(c.x), rounded(c.y)));
        return rounded.isValid() ? rounded : cut;
    }

    private static Polygon onEarth(Polygon ground, SceneLonLat lonLat) {
        GeometryFactory factory = ground.getFactory();
        LinearRing shell =
                factory.createLinearRing(lonLat.ring(ground.getExteriorRing().getCoordinates()));
        double west = shell.getEnvelopeInternal().getMinX();
        LinearRing[] holes = new LinearRing[ground.getNumInteriorRing()];
        for (int i = 0; i < holes.length; i++) {
            Coordinate[] hole = lonLat.ring(ground.getInteriorRingN(i).getCoordinates());
            if (lonLat.overPole()) {
                // Each ring begins near the middle of the scene, whatever turn the outline around it has come to.
                double least = Arrays.stream(hole).mapToDouble(c -> c.x).min().orElse(west);
                double turns = Math.ceil((west - least) / 360 - 1e-9);
                Arrays.stream(hole).forEach(c -> c.x += 360 * turns);
            }
            holes[i] = factory.createLinearRing(hole);
        }
        return factory.createPolygon(shell, holes);
    }

    private static Geometry cutAtDateLine(Geometry whole) {
        Envelope extent = whole.getEnvelopeInternal();
        if (extent.getMinX() >= -180 && extent.getMaxX() <= 180) {
            return whole;
        }
        var parts = new ArrayList<Geometry>();
        for (int turn = -1; turn <= 1; turn++) {
            double west = 360.0 * turn - 180;
            Geometry world = whole.getFactory().toGeometry(new Envelope(west, west + 360, -90, 90));
            Geometry part = OverlayNGRobust.overlay(whole, world, OverlayNG.INTERSECTION);
            double shift = -360.0 * turn;
            for (int i = 0; i < part.getNumGeometries(); i++) {
                // Where the outline only touches the meridian from outside, the part is a line.
                if (part.getGeometryN(i) instanceof Polygon polygon && !polygon.isEmpty()) {
                    parts.add(moved(polygon, c -> new Coordinate(c.x + shift, c.y)));
                }
            }
        }
        Geometry all = whole.getFactory().buildGeometry(parts);
        // The two ends of an outline all around a pole meet.
        return all.isValid() ? all : all.union();
    }

    private static Geometry moved(Geometry geometry, UnaryOperator<Coordinate> move) {
        return new GeometryEditor().edit(geometry, new GeometryEditor.CoordinateOperation() {
            @Override
            public Coordinate[] edit(Coordinate[] coordinates, Geometry ring) {
                return Arrays.stream(coordinates).map(move).toArray(Coordinate[]::new);
            }
        });
    }

    private static double rounded(double degrees) {
        return Math.round(degrees * UNITS_PER_DEGREE) / UNITS_PER_DEGREE;
    }
}
