package org.terrachange.raster;

import java.util.OptionalInt;

/// A coordinate reference system: what the ground coordinates of a grid mean.
public final class Crs {
    private final GeoKeys geoKeys;

    private Crs(GeoKeys geoKeys) {
        this.geoKeys = geoKeys;
    }

    /// The CRS with this EPSG code.
    ///
    /// @throws IllegalArgumentException if the code is unknown
    public static Crs ofEpsg(int code) {
        throw new UnsupportedOperationException();
    }

    /// The CRS that a GeoTIFF describes.
    public static Crs ofGeoKeys(GeoKeys keys) {
        return new Crs(keys);
    }

    /// The EPSG code, where the CRS has one.
    public OptionalInt epsg() {
        throw new UnsupportedOperationException();
    }

    /// A name for people, such as `EPSG:32619` or the citation of a user-defined CRS.
    public String name() {
        throw new UnsupportedOperationException();
    }

    /// Whether coordinates are longitude and latitude in degrees.
    public boolean isGeographic() {
        throw new UnsupportedOperationException();
    }

    /// Length of one coordinate unit in metres; for a geographic CRS the length of one degree along the equator.
    public double metresPerUnit() {
        throw new UnsupportedOperationException();
    }

    /// The description to store in a GeoTIFF.
    public GeoKeys geoKeys() {
        return geoKeys;
    }
}
