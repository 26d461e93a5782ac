package org.terrachange.raster;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A coordinate reference system: what the ground coordinates of a grid mean.
///
/// Two are equal when they have the same EPSG code or, where neither has one, when their GeoKeys define the same thing:
/// citations, the order of the keys and the raster type do not count, numbers count to twelve digits. Only the
/// horizontal part counts.
///
/// Opening an image costs no look-up: the EPSG register is read when an answer first needs it.
public final class Crs {
    /// One degree along the equator of WGS 84.
    private static final double METRES_PER_DEGREE = Math.toRadians(6378137);

    private static final int WGS84 = 4326;

    private final GeoKeys geoKeys;
    private final GeoKeyTable table;
    private final OptionalInt epsg;

    private Crs(GeoKeys geoKeys) {
        this.geoKeys = geoKeys;
        this.table = GeoKeyTable.of(geoKeys);
        this.epsg = table.epsg();
    }

    /// The CRS with this EPSG code.
    ///
    /// @throws IllegalArgumentException if the code is unknown or is neither geographic nor projected
    public static Crs ofEpsg(int code) {
        try {
            return new Crs(Proj4Definition.ofEpsg(code).geoKeys(code));
        } catch (CrsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /// The CRS that a GeoTIFF describes. Keys that point outside their tags are passed over, as GDAL does;
    /// whether the rest suffices shows when the CRS is used.
    public static Crs ofGeoKeys(GeoKeys keys) {
        return new Crs(keys);
    }

    /// The CRS that these keys describe, or nothing where they speak of no CRS at all: some programs write GeoKeys that
    /// only say whether a pixel is an area or a point.
    public static Optional<Crs> ifDescribed(GeoKeys keys) {
        Crs crs = new Crs(keys);
        return crs.table.describesCrs() ? Optional.of(crs) : Optional.empty();
    }

    /// The EPSG code, where the CRS has one.
    public OptionalInt epsg() {
        return epsg;
    }

    /// A name for people, such as `EPSG:32619` or the citation of a user-defined CRS.
    public String name() {
        return epsg.isPresent()
                ? "EPSG:" + epsg.getAsInt()
                : table.citation().orElse("a coordinate reference system without a name");
    }

    /// Whether coordinates are longitude and latitude, as a rule in degrees.
    public boolean isGeographic() {
        return table.isGeographic();
    }

    /// Length of one coordinate unit in metres; for a geographic CRS the length of one degree along the equator.
    ///
    /// A projected CRS that neither states its unit nor is in the EPSG register is taken to be in metres.
    public double metresPerUnit() {
        if (isGeographic()) {
            return METRES_PER_DEGREE;
        }
        OptionalDouble stated = table.metresPerUnit();
        if (stated.isPresent() || epsg.isEmpty()) {
            return stated.orElse(1);
        }
        try {
            return Proj4Definition.ofEpsg(epsg.getAsInt()).metresPerUnit();
        } catch (CrsException _) {
            return 1;
        }
    }

    /// The description to store in a GeoTIFF.
    public GeoKeys geoKeys() {
        return geoKeys;
    }

    /// The way from coordinates of this CRS to WGS 84. Where a datum is tied to WGS 84 by a grid of shifts
    /// (NAD 27, OSGB 36), the seven-parameter shift stands in for it or none at all: expect metres there, in
    /// parts of North America up to a hundred, and with some older datums that differ by region several hundred.
    ///
    /// @throws CrsException if the EPSG register or the map projections at hand do not know this CRS
    public Transform toWgs84() throws CrsException {
        return Proj4Transform.between(definition(), name(), Proj4Definition.ofEpsg(WGS84), "WGS 84");
    }

    /// The way from coordinates of this CRS to those of another, with the reservations of [#toWgs84] about datums.
    ///
    /// @throws CrsException if the EPSG register or the map projections at hand do not know one of the two
    public Transform to(Crs other) throws CrsException {
        return equals(other)
                ? (x, y) -> new double[] {x, y}
                : Proj4Transform.between(definition(), name(), other.definition(), other.name());
    }

    private Proj4Definition definition() throws CrsException {
        if (epsg.isPresent()) {
            try {
                Proj4Definition registered = Proj4Definition.ofEpsg(epsg.getAsInt());
                return isGeographic()
                        ? new Proj4Definition(registered.parameters(), table.degreesPerAngularUnit())
                        : registered;
            } catch (CrsException unknown) {
                if (!table.definesProjection()) {
                    throw unknown;
                }
            }
        }
        return Proj4Definition.ofKeys(table, name());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Crs that
                && epsg.equals(that.epsg)
                && (epsg.isPresent() || table.meaning().equals(that.table.meaning()));
    }

    @Override
    public int hashCode() {
        return epsg.isPresent() ? epsg.getAsInt() : table.meaning().hashCode();
    }

    @Override
    public String toString() {
        return name();
    }

    /// Converts points from one CRS to another. Safe to use from several threads, one of which converts at a time.
    @FunctionalInterface
    public interface Transform {

        /// @param x easting or longitude, in units of the first CRS
        /// @param y northing or latitude
        /// @return easting or longitude and northing or latitude, in units of the second; degrees of
        ///     longitude lie in -180..180, of latitude in -90..90
        /// @throws CrsException if one of the two does not cover the point
        double[] apply(double x, double y) throws CrsException;
    }
}
