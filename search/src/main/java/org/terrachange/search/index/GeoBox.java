package org.terrachange.search.index;

/// A rectangle of longitude and latitude, in degrees (WGS 84).
///
/// @param west -180 to 180
/// @param south -90 to 90
/// @param east -180 to 180; less than `west` where the box crosses the antimeridian
/// @param north `south` to 90
public record GeoBox(double west, double south, double east, double north) {
    public GeoBox {
        if (!(Math.abs(west) <= 180 && Math.abs(east) <= 180)) {
            throw new IllegalArgumentException("longitudes are between -180 and 180, got " + west + " and " + east);
        }
        if (!(south >= -90 && south <= north && north <= 90)) {
            throw new IllegalArgumentException(
                    "latitudes are between -90 and 90, the southern one first, got " + south + " and " + north);
        }
    }
}
