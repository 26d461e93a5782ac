package org.terrachange.server.storage;

import java.util.List;
import org.locationtech.jts.geom.Envelope;

/// A box of longitudes and latitudes as GeoJSON has it (RFC 7946, section 5.2): longitudes lie between -180 and 180,
/// and a box across the 180th meridian starts in the west at a greater longitude than it ends at in the east.
///
/// @param west degrees, -180 to 180
/// @param south degrees
/// @param east degrees, -180 to 180
/// @param north degrees
public record LonLatBox(double west, double south, double east, double north) {
    private static final double FULL_TURN = 360;
    private static final double HALF_TURN = 180;

    /// The box of an extent whose longitudes run on beyond 180 or -180 instead of starting anew there.
    static LonLatBox of(Envelope extent) {
        if (extent.getWidth() >= FULL_TURN) {
            return new LonLatBox(-HALF_TURN, extent.getMinY(), HALF_TURN, extent.getMaxY());
        }
        double west = extent.getMinX();
        double east = extent.getMaxX();
        // A box that only touches the meridian does so on its own side.
        return new LonLatBox(
                west - FULL_TURN * Math.floor((west + HALF_TURN) / FULL_TURN),
                extent.getMinY(),
                east - FULL_TURN * Math.ceil((east - HALF_TURN) / FULL_TURN),
                extent.getMaxY());
    }

    /// Whether it lies across the 180th meridian.
    public boolean crossesDateLine() {
        return west > east;
    }

    /// West, south, east and north.
    public List<Double> edges() {
        return List.of(west, south, east, north);
    }

    /// The same ground in boxes none of which lies across the 180th meridian, from west to east.
    public List<LonLatBox> parts() {
        return crossesDateLine()
                ? List.of(new LonLatBox(west, south, HALF_TURN, north), new LonLatBox(-HALF_TURN, south, east, north))
                : List.of(this);
    }
}
