package org.terrachange.raster;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// GeoKeys by number, decoded: the reading side of OGC 19-008r4, chapter 7.
///
/// @param values key number to its value: an `Integer` code, a `Double` (the first, where a key has several;
///     none does among those used here but the shift to WGS 84) or a `String`
/// @param shift the three or seven parameters of GDAL's own key for the shift to WGS 84; empty if absent
record GeoKeyTable(SortedMap<Integer, Object> values, List<Double> shift) {
    static final int MODEL_TYPE = 1024;
    static final int RASTER_TYPE = 1025;
    static final int CITATION = 1026;
    static final int GEOGRAPHIC_TYPE = 2048;
    static final int GEOG_CITATION = 2049;
    static final int GEODETIC_DATUM = 2050;
    static final int PRIME_MERIDIAN = 2051;
    static final int ANGULAR_UNITS = 2054;
    static final int ANGULAR_UNIT_SIZE = 2055;
    static final int ELLIPSOID = 2056;
    static final int SEMI_MAJOR_AXIS = 2057;
    static final int SEMI_MINOR_AXIS = 2058;
    static final int INVERSE_FLATTENING = 2059;
    static final int PRIME_MERIDIAN_LONGITUDE = 2061;
    static final int TO_WGS84 = 2062;
    static final int PROJECTED_TYPE = 3072;
    static final int PROJECTED_CITATION = 3073;
    static final int PROJECTION = 3074;
    static final int METHOD = 3075;
    static final int LINEAR_UNITS = 3076;
    static final int LINEAR_UNIT_SIZE = 3077;

    static final int MODEL_PROJECTED = 1;
    static final int MODEL_GEOGRAPHIC = 2;
    static final int USER_DEFINED = 32767;

    private static final int DOUBLE_PARAMS = 34736;
    private static final int ASCII_PARAMS = 34737;
    private static final int FIRST_VERTICAL_KEY = 4096;
    private static final MathContext TWELVE_DIGITS = new MathContext(12);

    /// EPSG codes of the units of length in use, to metres.
    private static final Map<Integer, Double> METRES = Map.ofEntries(
            Map.entry(9001, 1.0), // metre
            Map.entry(9002, 0.3048), // foot
            Map.entry(9003, 1200 / 3937.0), // US survey foot
            Map.entry(9005, 0.3047972654), // Clarke's foot
            Map.entry(9014, 1.8288), // fathom
            Map.entry(9030, 1852.0), // nautical mile
            Map.entry(9033, 792 / 39.37), // US survey chain
            Map.entry(9034, 7.92 / 39.37), // US survey link
            Map.entry(9035, 63360 / 39.37), // US survey mile
            Map.entry(9036, 1000.0), // kilometre
            Map.entry(9037, 0.9143917962), // Clarke's yard
            Map.entry(9039, 0.201166195164), // Clarke's link
            Map.entry(9040, 0.9143984146160287), // British yard (Sears 1922)
            Map.entry(9041, 0.3047994715386762), // British foot (Sears 1922)
            Map.entry(9042, 20.116765121552632), // British chain (Sears 1922)
            Map.entry(9062, 20.116782494375872), // British chain (Benoit 1895 B)
            Map.entry(9084, 0.9143985307444408), // Indian yard
            Map.entry(9093, 1609.344), // statute mile
            Map.entry(9094, 0.3047997101815088), // Gold Coast foot
            Map.entry(9096, 0.9144)); // yard

    static GeoKeyTable of(GeoKeys keys) {
        List<Integer> directory = keys.directory();
        SortedMap<Integer, Object> values = new TreeMap<>();
        List<Double> shift = List.of();
        for (int at = 4; at + 3 < directory.size(); at += 4) {
            int key = directory.get(at);
            int count = directory.get(at + 2);
            int value = directory.get(at + 3);
            switch (directory.get(at + 1)) {
                case 0 -> values.put(key, value);
                case DOUBLE_PARAMS -> {
                    if (count > 0 && value + count <= keys.doubles().size()) {
                        values.put(key, keys.doubles().get(value));
                        if (key == TO_WGS84) {
                            shift = keys.doubles().subList(value, value + count);
                        }
                    }
                }
                case ASCII_PARAMS -> {
                    if (value <= keys.ascii().length()) {
                        int end = Math.min(keys.ascii().length(), value + count);
                        values.put(key, keys.ascii().substring(value, end));
                    }
                }
                default -> {
                    // A key in some other tag belongs to no revision of the standard.
                }
            }
        }
        return new GeoKeyTable(values, shift);
    }

    OptionalInt code(int key) {
        return values.get(key) instanceof Integer code ? OptionalInt.of(code) : OptionalInt.empty();
    }

    OptionalDouble number(int key) {
        return values.get(key) instanceof Double number && Double.isFinite(number)
                ? OptionalDouble.of(number)
                : OptionalDouble.empty();
    }

    /// The code of a key unless it is zero (undefined) or 32767 (user-defined).
    OptionalInt registered(int key) {
        OptionalInt code = code(key);
        return code.isPresent() && code.getAsInt() > 0 && code.getAsInt() < USER_DEFINED ? code : OptionalInt.empty();
    }

    OptionalInt epsg() {
        return isGeographic() ? registered(GEOGRAPHIC_TYPE) : registered(PROJECTED_TYPE);
    }

    boolean isGeographic() {
        OptionalInt model = code(MODEL_TYPE);
        return model.isPresent()
                ? model.getAsInt() == MODEL_GEOGRAPHIC
                : values.containsKey(GEOGRAPHIC_TYPE) && !values.containsKey(PROJECTED_TYPE);
    }

    boolean describesCrs() {
        return values.containsKey(PROJECTED_TYPE)
                || values.containsKey(GEOGRAPHIC_TYPE)
                || code(MODEL_TYPE).orElse(0) > 0;
    }

    /// Whether the keys spell out a projection beside, or instead of, its code.
    boolean definesProjection() {
        return registered(METHOD).isPresent() || registered(PROJECTION).isPresent();
    }

    /// The unit of projected coordinates, where the keys state one that is known.
    OptionalDouble metresPerUnit() {
        OptionalInt code = code(LINEAR_UNITS);
        Double metres = METRES.get(code.orElse(0));
        if (metres != null) {
            return OptionalDouble.of(metres);
        }
        OptionalDouble size = number(LINEAR_UNIT_SIZE);
        return size.orElse(0) > 0 ? size : OptionalDouble.empty();
    }

    /// The unit of geographic coordinates and of the projection's angles.
    double degreesPerAngularUnit() {
        return switch (code(ANGULAR_UNITS).orElse(0)) {
            case 9101 -> Math.toDegrees(1); // radian
            case 9105, 9106 -> 0.9; // grad, gon
            case USER_DEFINED -> Math.toDegrees(number(ANGULAR_UNIT_SIZE).orElse(Math.toRadians(1)));
            default -> 1;
        };
    }

    /// The most telling citation, freed of the separators and labels that GDAL and ERDAS put around it.
    Optional<String> citation() {
        int[] keys = isGeographic()
                ? new int[] {GEOG_CITATION, CITATION}
                : new int[] {PROJECTED_CITATION, CITATION, GEOG_CITATION};
        for (int key : keys) {
            if (values.get(key) instanceof String text) {
                String first = text.replace('\n', '|').replaceAll("\\|.*", "");
                String name =
                        first.replaceFirst("^\\s*(PCS|GCS) Name\\s*=\\s*", "").strip();
                if (!name.isEmpty()) {
                    return Optional.of(name);
                }
            }
        }
        return Optional.empty();
    }

    /// What makes two user-defined systems the same.
    Map<Integer, Object> meaning() {
        Map<Integer, Object> meaning = new TreeMap<>();
        values.headMap(FIRST_VERTICAL_KEY).forEach((key, value) -> {
            switch (value) {
                case Integer code when key != RASTER_TYPE -> meaning.put(key, code);
                case Double number
                when Double.isFinite(number) ->
                    meaning.put(key, new BigDecimal(number).round(TWELVE_DIGITS).doubleValue());
                default -> {
                    // Citations say how people call the system, the raster type says what a pixel is.
                }
            }
        });
        return meaning;
    }
}
