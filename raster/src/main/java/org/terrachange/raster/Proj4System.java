package org.terrachange.raster;

import java.util.ArrayList;
import java.util.List;
import org.locationtech.proj4j.CRSFactory;
import org.locationtech.proj4j.CoordinateReferenceSystem;
import org.locationtech.proj4j.proj.Projection;

/// Coordinate systems of proj4j from PROJ.4 parameters, with two projections put right that it gets wrong by kilometres
/// (release 1.4.1): Mercator takes no notice of the latitude of true scale, and the polyconic projection is that of a
/// sphere.
final class Proj4System {
    private static final String TRUE_SCALE = "+lat_ts=";

    private Proj4System() {}

    /// @throws org.locationtech.proj4j.Proj4jException if the parameters make no system
    static CoordinateReferenceSystem of(String name, Proj4Definition definition) {
        List<String> parameters = definition.parameters();
        CoordinateReferenceSystem system = created(name, parameters);
        if (parameters.contains("+proj=poly")) {
            return new CoordinateReferenceSystem(
                    name, system.getParameters(), system.getDatum(), new Polyconic(system.getProjection()));
        }
        return parameters.contains("+proj=merc") ? created(name, scaled(parameters, system.getProjection())) : system;
    }

    private static CoordinateReferenceSystem created(String name, List<String> parameters) {
        return new CRSFactory().createFromParameters(name, parameters.toArray(String[]::new));
    }

    /// Mercator with the scale on the equator in place of a latitude of true scale (Snyder 1987, page 47).
    private static List<String> scaled(List<String> parameters, Projection projection) {
        List<String> scaled = new ArrayList<>();
        for (String parameter : parameters) {
            if (parameter.startsWith(TRUE_SCALE)) {
                double latitude = Math.toRadians(Double.parseDouble(parameter.substring(TRUE_SCALE.length())));
                double flattened = projection.getEllipsoid().getEccentricitySquared() * Math.pow(Math.sin(latitude), 2);
                scaled.add("+k=" + Math.cos(latitude) / Math.sqrt(1 - flattened));
            } else {
                scaled.add(parameter);
            }
        }
        return scaled;
    }
}
