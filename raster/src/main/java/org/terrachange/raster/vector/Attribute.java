package org.terrachange.raster.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One column of the attribute table that every format writes alike.
///
/// @param name of the column, its unit included
/// @param kind of all its values
/// @param value a `Long`, `Double` or `String` as `kind` says, or null where a feature has none
record Attribute(String name, Kind kind, Function<ChangeFeature, @Nullable Object> value) {

    /// The type of a column.
    enum Kind {
        INTEGER,
        REAL,
        TEXT
    }

    /// The columns of a layer, in order. On the ground there is an area and the perimeter is in metres; in a
    /// plain picture there is no area and the perimeter is in pixels. Reals are rounded to six decimals.
    static List<Attribute> of(Layer layer) {
        var attributes = new ArrayList<Attribute>();
        attributes.add(new Attribute("key", Kind.TEXT, ChangeFeature::key));
        attributes.add(new Attribute("pixels", Kind.INTEGER, ChangeFeature::pixels));
        if (layer.ground().isPresent()) {
            attributes.add(new Attribute(
                    "area_m2",
                    Kind.REAL,
                    feature -> feature.areaSquareMetres().isPresent()
                            ? rounded(feature.areaSquareMetres().getAsDouble())
                            : null));
        }
        attributes.add(new Attribute(
                layer.ground().isPresent() ? "perimeter_m" : "perimeter_px",
                Kind.REAL,
                feature -> rounded(feature.perimeter())));
        attributes.add(new Attribute("mean_probability", Kind.REAL, feature -> rounded(feature.meanProbability())));
        attributes.add(new Attribute("max_probability", Kind.REAL, feature -> rounded(feature.maxProbability())));
        attributes.add(
                new Attribute("before", Kind.TEXT, feature -> feature.before().orElse(null)));
        attributes.add(
                new Attribute("after", Kind.TEXT, feature -> feature.after().orElse(null)));
        return List.copyOf(attributes);
    }

    /// The same after a column for the id, for formats that give features no number of their own.
    static List<Attribute> withId(Layer layer) {
        var attributes = new ArrayList<Attribute>();
        attributes.add(new Attribute("id", Kind.INTEGER, ChangeFeature::id));
        attributes.addAll(of(layer));
        return List.copyOf(attributes);
    }

    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }
}
