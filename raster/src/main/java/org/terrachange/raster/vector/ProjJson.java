package org.terrachange.raster.vector;

import java.util.List;
import java.util.Optional;
import org.terrachange.raster.Crs;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The systems that most imagery comes in, as PROJJSON 0.5: a full definition, since the format has no
/// reference by code alone.
final class ProjJson {
    private static final String WGS_84_ELLIPSOID = "WGS 84";
    private static final String GRS_80 = "GRS 1980";

    /// A datum and the geographic system on it.
    private record Base(String name, int code, String datum, String ellipsoid) {
        double inverseFlattening() {
            return ellipsoid.equals(GRS_80) ? 298.257222101 : 298.257223563;
        }
    }

    private static final Base WGS_84 = new Base("WGS 84", 4326, "World Geodetic System 1984", WGS_84_ELLIPSOID);

    private static final List<Base> BASES = List.of(
            WGS_84,
            new Base("ETRS89", 4258, "European Terrestrial Reference System 1989", GRS_80),
            new Base("NAD83", 4269, "North American Datum 1983", GRS_80),
            new Base("GDA94", 4283, "Geocentric Datum of Australia 1994", GRS_80),
            new Base("GDA2020", 7844, "Geocentric Datum of Australia 2020", GRS_80));

    /// UTM zones on one datum: the code of each is that of the family plus the zone.
    private record ZoneFamily(int code, int firstZone, int lastZone, boolean south, int base, String label) {}

    private static final List<ZoneFamily> ZONES = List.of(
            new ZoneFamily(32600, 1, 60, false, 4326, "UTM zone"),
            new ZoneFamily(32700, 1, 60, true, 4326, "UTM zone"),
            new ZoneFamily(25800, 28, 38, false, 4258, "UTM zone"),
            new ZoneFamily(26900, 1, 23, false, 4269, "UTM zone"),
            new ZoneFamily(28300, 49, 56, true, 4283, "MGA zone"),
            new ZoneFamily(7800, 49, 56, true, 7844, "MGA zone"));

    private static final int WEB_MERCATOR = 3857;

    private ProjJson() {}

    /// The definition of a CRS; nothing where it is not among the systems known here.
    static Optional<ObjectNode> of(Crs crs) {
        if (crs.epsg().isEmpty()) {
            return Optional.empty();
        }
        int code = crs.epsg().getAsInt();
        if (code == WEB_MERCATOR) {
            return Optional.of(webMercator());
        }
        for (Base base : BASES) {
            if (base.code() == code) {
                return Optional.of(geographic(base));
            }
        }
        for (ZoneFamily family : ZONES) {
            int zone = code - family.code();
            if (zone >= family.firstZone() && zone <= family.lastZone()) {
                return Optional.of(zone(family, zone));
            }
        }
        return Optional.empty();
    }

    private static ObjectNode geographic(Base base) {
        ObjectNode crs = object("GeographicCRS", base.name());
        ObjectNode datum = crs.putObject("datum");
        datum.put("type", "GeodeticReferenceFrame");
        datum.put("name", base.datum());
        ObjectNode ellipsoid = datum.putObject("ellipsoid");
        ellipsoid.put("name", base.ellipsoid());
        ellipsoid.put("semi_major_axis", 6_378_137);
        ellipsoid.put("inverse_flattening", base.inverseFlattening());
        axes(crs, "ellipsoidal", "degree", "Geodetic latitude", "Lat", "Geodetic longitude", "Lon");
        return identified(crs, base.code());
    }

    private static ObjectNode zone(ZoneFamily family, int zone) {
        Base base = BASES.stream()
                .filter(candidate -> candidate.code() == family.base())
                .findFirst()
                .orElseThrow();
        boolean universal = family.label().startsWith("UTM");
        String label = family.label() + " " + zone + (!universal ? "" : family.south() ? "S" : "N");
        ObjectNode crs = object("ProjectedCRS", base.name() + " / " + label);
        crs.set("base_crs", geographic(base));
        ObjectNode conversion = crs.putObject("conversion");
        conversion.put("name", universal ? label : "Map Grid of Australia zone " + zone);
        ArrayNode parameters = method(conversion, "Transverse Mercator", 9807);
        parameter(parameters, "Latitude of natural origin", 8801, 0, "degree");
        parameter(parameters, "Longitude of natural origin", 8802, 6 * zone - 183, "degree");
        parameter(parameters, "Scale factor at natural origin", 8805, 0.9996, "unity");
        parameter(parameters, "False easting", 8806, 500_000, "metre");
        parameter(parameters, "False northing", 8807, family.south() ? 10_000_000 : 0, "metre");
        axes(crs, "Cartesian", "metre", "Easting", "E", "Northing", "N");
        return identified(crs, family.code() + zone);
    }

    private static ObjectNode webMercator() {
        ObjectNode crs = object("ProjectedCRS", "WGS 84 / Pseudo-Mercator");
        crs.set("base_crs", geographic(WGS_84));
        ObjectNode conversion = crs.putObject("conversion");
        conversion.put("name", "Popular Visualisation Pseudo-Mercator");
        ArrayNode parameters = method(conversion, "Popular Visualisation Pseudo Mercator", 1024);
        parameter(parameters, "Latitude of natural origin", 8801, 0, "degree");
        parameter(parameters, "Longitude of natural origin", 8802, 0, "degree");
        parameter(parameters, "False easting", 8806, 0, "metre");
        parameter(parameters, "False northing", 8807, 0, "metre");
        axes(crs, "Cartesian", "metre", "Easting", "X", "Northing", "Y");
        return identified(crs, WEB_MERCATOR);
    }

    private static ObjectNode object(String type, String name) {
        ObjectNode crs = JsonMapper.shared().createObjectNode();
        crs.put("type", type);
        crs.put("name", name);
        return crs;
    }

    private static ArrayNode method(ObjectNode conversion, String name, int code) {
        ObjectNode method = conversion.putObject("method");
        method.put("name", name);
        identified(method, code);
        return conversion.putArray("parameters");
    }

    private static void parameter(ArrayNode parameters, String name, int code, double value, String unit) {
        ObjectNode parameter = parameters.addObject();
        parameter.put("name", name);
        parameter.put("value", value);
        parameter.put("unit", unit);
        identified(parameter, code);
    }

    /// Names, then abbreviations, of the two axes in the order of the register; in GeoParquet x comes first all
    /// the same.
    private static void axes(ObjectNode crs, String subtype, String unit, String... names) {
        ObjectNode system = crs.putObject("coordinate_system");
        system.put("subtype", subtype);
        ArrayNode axes = system.putArray("axis");
        for (int i = 0; i < names.length; i += 2) {
            ObjectNode axis = axes.addObject();
            axis.put("name", names[i]);
            axis.put("abbreviation", names[i + 1]);
            axis.put("direction", names[i].endsWith("latitude") || names[i].equals("Northing") ? "north" : "east");
            axis.put("unit", unit);
        }
    }

    private static ObjectNode identified(ObjectNode object, int code) {
        ObjectNode id = object.putObject("id");
        id.put("authority", "EPSG");
        id.put("code", code);
        return object;
    }
}
