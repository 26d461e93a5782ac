package org.terrachange.raster.gdal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A location that is no path of a file but a name that GDAL understands: `/vsicurl/https://...`, `/vsis3/...`,
/// `NETCDF:"file.nc":band`, or an address such as `https://...` or `s3://...`, which stands for the first kind.
///
/// @param text what GDAL is given
/// @param drivers the drivers that may open it; none for any
record GdalName(String text, List<String> drivers) {
    private static final Map<String, String> SCHEMES = Map.of(
            "http://", "/vsicurl/http://",
            "https://", "/vsicurl/https://",
            "s3://", "/vsis3/",
            "gs://", "/vsigs/",
            "az://", "/vsiaz/");

    /// A driver's prefix of two letters or more: one alone is a disk of Windows.
    private static final Pattern PREFIXED = Pattern.compile("[A-Za-z][A-Za-z0-9_]+:.+");

    GdalName {
        drivers = List.copyOf(drivers);
    }

    /// What a location means to GDAL; nothing where it has the form of a path.
    static Optional<GdalName> of(String location) {
        for (Map.Entry<String, String> scheme : SCHEMES.entrySet()) {
            if (location.startsWith(scheme.getKey())) {
                return Optional.of(file(
                        scheme.getValue() + location.substring(scheme.getKey().length())));
            }
        }
        if (location.startsWith("/vsi")) {
            return Optional.of(file(location));
        }
        return PREFIXED.matcher(location).matches() ? Optional.of(new GdalName(location, List.of())) : Optional.empty();
    }

    /// A file, local or not, opened by the rules of [GdalDrivers#forFile].
    static GdalName file(String name) {
        return new GdalName(name, GdalDrivers.forFile(name));
    }
}
