package org.terrachange.raster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.locationtech.proj4j.io.Proj4FileReader;

/// A CRS as PROJ.4 parameters, from the EPSG register or from the GeoKeys of a user-defined CRS.
///
/// @param parameters such as `+proj=utm`, `+zone=19`, `+datum=WGS84`
/// @param coordinateScale what geographic coordinates are multiplied by to give degrees; 1 for a projected
///     CRS, whose parameters state its unit
record Proj4Definition(List<String> parameters, double coordinateScale) {
    private static final double US_SURVEY_FOOT = 1200 / 3937.0;

    private static final int WGS84 = 4326;

    /// Codes that the register and the projections at hand place a kilometre or more from where GDAL 3.6 does, of
    /// the 5,405 that both know: skew orthomorphic systems of Malaya and Borneo, Krovak with axes to the south
    /// and west, Cassini-Soldner in links or from Ferro, and others as rare.
    private static final Set<Integer> MISPLACED =
            Set.of(2065, 3140, 3167, 3303, 4055, 4688, 5472, 5513, 8044, 8045, 29871, 29872, 29873);

    Proj4Definition {
        parameters = List.copyOf(parameters);
    }

    /// @throws CrsException if the register has no such code or it is geocentric
    static Proj4Definition ofEpsg(int code) throws CrsException {
        Proj4Definition definition = new Proj4Definition(common(code), 1);
        if (definition.parameters.isEmpty()) {
            definition = new Proj4Definition(registered(code), 1);
        }
        if ("geocent".equals(definition.value("+proj"))) {
            throw new CrsException(
                    "EPSG:" + code, "is geocentric; an image needs a geographic or projected coordinate system");
        }
        return definition;
    }

    /// The codes that nearly every image has, known by rule: reading the register takes a good tenth of a second.
    private static List<String> common(int code) {
        if (code == WGS84) {
            return List.of("+proj=longlat", "+datum=WGS84");
        }
        int zone = code % 100;
        if ((code / 100 == 326 || code / 100 == 327) && zone >= 1 && zone <= 60) {
            List<String> utm = new ArrayList<>(List.of("+proj=utm", "+zone=" + zone, "+datum=WGS84", "+units=m"));
            if (code / 100 == 327) {
                utm.add("+south");
            }
            return utm;
        }
        return List.of();
    }

    private static List<String> registered(int code) throws CrsException {
        if (MISPLACED.contains(code)) {
            throw new CrsException(
                    "EPSG:" + code,
                    "is one of the few systems that this program would place kilometres away; reproject the image to a"
                            + " common system, such as UTM");
        }
        String @Nullable [] parameters;
        try {
            parameters = new Proj4FileReader().readParametersFromFile("epsg", Integer.toString(code));
        } catch (IOException e) {
            throw new CrsException("EPSG:" + code, "the EPSG register cannot be read", e);
        }
        if (parameters == null) {
            throw new CrsException(
                    "EPSG:" + code,
                    "is not in the EPSG register at hand; reproject the image to a common system, such as UTM");
        }
        return Arrays.asList(parameters);
    }

    /// @param name the CRS, for messages
    /// @throws CrsException if a key that matters is missing or its value is not supported
    static Proj4Definition ofKeys(GeoKeyTable keys, String name) throws CrsException {
        List<String> parameters = new ArrayList<>();
        if (keys.isGeographic()) {
            parameters.add("+proj=longlat");
            addDatum(parameters, keys, name);
            return new Proj4Definition(parameters, keys.degreesPerAngularUnit());
        }
        double metres = keys.metresPerUnit().orElse(1);
        addProjection(new ParameterList(parameters, keys, metres), name);
        addDatum(parameters, keys, name);
        parameters.add("+to_meter=" + metres);
        return new Proj4Definition(parameters, 1);
    }

    /// The projection methods of GeoTIFF (OGC 19-008r4, annex C), under the names and parameters of PROJ.4.
    private static void addProjection(ParameterList list, String name) throws CrsException {
        OptionalInt utm = list.keys.registered(GeoKeyTable.PROJECTION);
        int zone = utm.orElse(0) % 100;
        if ((utm.orElse(0) / 100 == 160 || utm.orElse(0) / 100 == 161) && zone >= 1 && zone <= 60) {
            list.add("+proj=utm").add("+zone=" + zone);
            if (utm.orElse(0) / 100 == 161) {
                list.add("+south");
            }
            return;
        }
        int method = list.keys.code(GeoKeyTable.METHOD).orElse(0);
        switch (method) {
            case 1 -> // Transverse Mercator; the extended series also holds far from the central meridian
                list.add("+proj=etmerc").latitudeOfOrigin().centralMeridian().scale();
            case 7 -> {
                list.add("+proj=merc").centralMeridian();
                if (list.keys.number(ParameterList.STANDARD_PARALLEL_1).isPresent()) {
                    list.angle("+lat_ts", 0, ParameterList.STANDARD_PARALLEL_1);
                } else {
                    list.scale();
                }
            }
            case 8 -> // Lambert conformal conic, two standard parallels
                list.add("+proj=lcc").standardParallels().latitudeOfOrigin().centralMeridian();
            case 9 -> // Lambert conformal conic, one standard parallel
                list.add("+proj=lcc")
                        .angle("+lat_1", 0, ParameterList.NATURAL_LATITUDE)
                        .latitudeOfOrigin()
                        .centralMeridian()
                        .scale();
            case 10 -> // Lambert azimuthal equal area
                list.add("+proj=laea").latitudeOfOrigin().centralMeridian();
            case 11 -> // Albers equal area
                list.add("+proj=aea").standardParallels().latitudeOfOrigin().centralMeridian();
            case 15 -> { // polar stereographic: the latitude of origin is that of true scale
                double trueScale = list.degrees(90, ParameterList.NATURAL_LATITUDE);
                list.add("+proj=stere")
                        .add("+lat_0=" + Math.copySign(90, trueScale))
                        .add("+lat_ts=" + trueScale)
                        .angle("+lon_0", 0, ParameterList.POLE_LONGITUDE, ParameterList.NATURAL_LONGITUDE)
                        .scale();
            }
            case 16 -> // oblique stereographic
                list.add("+proj=sterea").latitudeOfOrigin().centralMeridian().scale();
            case 22 -> // polyconic
                list.add("+proj=poly").latitudeOfOrigin().centralMeridian();
            case 24 -> {
                // proj4j has the sinusoidal projection of the sphere only, which is off by kilometres elsewhere.
                if (!isSphere(list.keys)) {
                    throw new CrsException(
                            name,
                            "a sinusoidal projection is supported on a sphere only; reproject the image to a common"
                                    + " system, such as UTM");
                }
                list.add("+proj=sinu").centralMeridian();
            }
            case 28 -> // cylindrical equal area
                list.add("+proj=cea")
                        .angle("+lat_ts", 0, ParameterList.STANDARD_PARALLEL_1)
                        .centralMeridian();
            default ->
                throw new CrsException(
                        name,
                        method == 0
                                ? "the file names no projection; reproject the image to a common system, such as UTM"
                                : "its projection (GeoTIFF method " + method
                                        + ") is not supported; reproject the image to a common system, such as UTM");
        }
        list.falseOrigin();
    }

    private static boolean isSphere(GeoKeyTable keys) {
        OptionalDouble major = keys.number(GeoKeyTable.SEMI_MAJOR_AXIS);
        return major.isPresent()
                && keys.number(GeoKeyTable.INVERSE_FLATTENING).orElse(0) == 0
                && keys.number(GeoKeyTable.SEMI_MINOR_AXIS).orElse(major.getAsDouble()) == major.getAsDouble();
    }

    private static void addDatum(List<String> parameters, GeoKeyTable keys, String name) throws CrsException {
        OptionalInt geographic = keys.registered(GeoKeyTable.GEOGRAPHIC_TYPE);
        OptionalInt datum = keys.registered(GeoKeyTable.GEODETIC_DATUM);
        if (geographic.isEmpty() && datum.isPresent() && datum.getAsInt() / 1000 == 6) {
            // EPSG numbered the older datums 2000 above the geographic systems built on them.
            geographic = OptionalInt.of(datum.getAsInt() - 2000);
        }
        if (geographic.isPresent()) {
            ofEpsg(geographic.getAsInt()).parameters.stream()
                    .filter(p -> !p.startsWith("+proj") && !p.startsWith("+units") && !p.startsWith("+no_defs"))
                    .forEach(parameters::add);
            return;
        }
        addEllipsoid(parameters, keys, name);
        if (!keys.shift().isEmpty()) {
            parameters.add("+towgs84="
                    + String.join(
                            ",", keys.shift().stream().map(String::valueOf).toList()));
        }
        OptionalDouble meridian = keys.number(GeoKeyTable.PRIME_MERIDIAN_LONGITUDE);
        if (meridian.isPresent()) {
            parameters.add("+pm=" + meridian.getAsDouble() * keys.degreesPerAngularUnit());
        } else if (keys.registered(GeoKeyTable.PRIME_MERIDIAN).orElse(8901) != 8901) {
            throw new CrsException(name, "its prime meridian is not Greenwich and its longitude is not given");
        }
    }

    private static void addEllipsoid(List<String> parameters, GeoKeyTable keys, String name) throws CrsException {
        OptionalDouble major = keys.number(GeoKeyTable.SEMI_MAJOR_AXIS);
        OptionalDouble flattening = keys.number(GeoKeyTable.INVERSE_FLATTENING);
        OptionalDouble minor = keys.number(GeoKeyTable.SEMI_MINOR_AXIS);
        if (major.orElse(0) > 0) {
            parameters.add("+a=" + major.getAsDouble());
            if (flattening.orElse(0) > 0) {
                parameters.add("+rf=" + flattening.getAsDouble());
            } else {
                parameters.add("+b=" + minor.orElse(major.getAsDouble()));
            }
            return;
        }
        parameters.add(
                switch (keys.registered(GeoKeyTable.ELLIPSOID).orElse(0)) {
                    case 7001 -> "+ellps=airy";
                    case 7003 -> "+ellps=aust_SA";
                    case 7004 -> "+ellps=bessel";
                    case 7008 -> "+ellps=clrk66";
                    case 7012 -> "+ellps=clrk80";
                    case 7019 -> "+ellps=GRS80";
                    case 7022 -> "+ellps=intl";
                    case 7024 -> "+ellps=krass";
                    case 7030 -> "+ellps=WGS84";
                    default ->
                        throw new CrsException(
                                name,
                                "the file names neither a known datum nor an ellipsoid; assign the image a coordinate"
                                        + " system");
                });
    }

    /// The GeoKeys of a registered CRS.
    GeoKeys geoKeys(int code) {
        List<Integer> directory = new ArrayList<>();
        boolean geographic = isGeographic();
        add(directory, GeoKeyTable.MODEL_TYPE, geographic ? GeoKeyTable.MODEL_GEOGRAPHIC : GeoKeyTable.MODEL_PROJECTED);
        add(directory, GeoKeyTable.RASTER_TYPE, 1);
        if (geographic) {
            add(directory, GeoKeyTable.GEOGRAPHIC_TYPE, code);
        } else {
            add(directory, GeoKeyTable.PROJECTED_TYPE, code);
            double metres = metresPerUnit();
            if (metres == 1) {
                add(directory, GeoKeyTable.LINEAR_UNITS, 9001);
            } else if (metres == 0.3048) {
                add(directory, GeoKeyTable.LINEAR_UNITS, 9002);
            } else if (metres == US_SURVEY_FOOT) {
                add(directory, GeoKeyTable.LINEAR_UNITS, 9003);
            }
        }
        directory.addAll(0, List.of(1, 1, 0, directory.size() / 4));
        return new GeoKeys(directory, List.of(), "");
    }

    private static void add(List<Integer> directory, int key, int code) {
        directory.addAll(List.of(key, 0, 1, code));
    }

    boolean isGeographic() {
        return "longlat".equals(value("+proj"));
    }

    /// The unit of projected coordinates.
    double metresPerUnit() {
        String stated = value("+to_meter");
        if (stated != null) {
            return Double.parseDouble(stated);
        }
        return switch (value("+units")) {
            case "ft" -> 0.3048;
            case "us-ft" -> US_SURVEY_FOOT;
            case "link" -> 0.201168;
            case "km" -> 1000;
            case null, default -> 1;
        };
    }

    private @Nullable String value(String parameter) {
        for (String candidate : parameters) {
            if (candidate.startsWith(parameter + "=")) {
                return candidate.substring(parameter.length() + 1);
            }
        }
        return null;
    }

    /// Collects the parameters of a projection from its keys. GeoTIFF has three names for the origin of a
    /// projection (natural, false, centre) and writers differ in which they use, so each parameter looks at
    /// all of its names.
    ///
    /// @param metres length of the linear unit of the false origin: PROJ.4 wants that in metres
    private record ParameterList(List<String> parameters, GeoKeyTable keys, double metres) {
        static final int STANDARD_PARALLEL_1 = 3078;
        static final int STANDARD_PARALLEL_2 = 3079;
        static final int NATURAL_LONGITUDE = 3080;
        static final int NATURAL_LATITUDE = 3081;
        static final int FALSE_EASTING = 3082;
        static final int FALSE_NORTHING = 3083;
        static final int FALSE_LONGITUDE = 3084;
        static final int FALSE_LATITUDE = 3085;
        static final int FALSE_ORIGIN_EASTING = 3086;
        static final int FALSE_ORIGIN_NORTHING = 3087;
        static final int CENTRE_LONGITUDE = 3088;
        static final int CENTRE_LATITUDE = 3089;
        static final int CENTRE_EASTING = 3090;
        static final int CENTRE_NORTHING = 3091;
        static final int NATURAL_SCALE = 3092;
        static final int CENTRE_SCALE = 3093;
        static final int POLE_LONGITUDE = 3095;

        ParameterList add(String parameter) {
            parameters.add(parameter);
            return this;
        }

        ParameterList latitudeOfOrigin() {
            return angle("+lat_0", 0, NATURAL_LATITUDE, FALSE_LATITUDE, CENTRE_LATITUDE);
        }

        ParameterList centralMeridian() {
            return angle("+lon_0", 0, NATURAL_LONGITUDE, FALSE_LONGITUDE, CENTRE_LONGITUDE);
        }

        ParameterList standardParallels() {
            return angle("+lat_1", 0, STANDARD_PARALLEL_1).angle("+lat_2", 0, STANDARD_PARALLEL_2);
        }

        ParameterList scale() {
            return add("+k=" + first(1, NATURAL_SCALE, CENTRE_SCALE));
        }

        void falseOrigin() {
            add("+x_0=" + first(0, FALSE_EASTING, FALSE_ORIGIN_EASTING, CENTRE_EASTING) * metres);
            add("+y_0=" + first(0, FALSE_NORTHING, FALSE_ORIGIN_NORTHING, CENTRE_NORTHING) * metres);
        }

        ParameterList angle(String parameter, double otherwise, int... candidates) {
            return add(parameter + "=" + degrees(otherwise, candidates));
        }

        double degrees(double otherwise, int... candidates) {
            double scale = keys.degreesPerAngularUnit();
            return first(otherwise / scale, candidates) * scale;
        }

        private double first(double otherwise, int... candidates) {
            for (int key : candidates) {
                OptionalDouble number = keys.number(key);
                if (number.isPresent()) {
                    return number.getAsDouble();
                }
            }
            return otherwise;
        }
    }
}
