package org.terrachange.spark.input;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.data.catalogue.PairEntry;

/// A [PairEntry] in a form that travels.
///
/// @param id unique in its catalogue
/// @param before image of the earlier date
/// @param after image of the later date
/// @param beforeDate when the earlier image was taken, where that is known
/// @param afterDate when the later one was
/// @param footprint longitude and latitude, where the catalogue says it
/// @param captions what was said of the change
public record CataloguePair(
        String id,
        String before,
        String after,
        @Nullable String beforeDate,
        @Nullable String afterDate,
        @Nullable Geometry footprint,
        List<String> captions)
        implements Serializable {

    static CataloguePair of(PairEntry entry) {
        return new CataloguePair(
                entry.id(),
                entry.before(),
                entry.after(),
                entry.beforeDate().orElse(null),
                entry.afterDate().orElse(null),
                entry.footprint().orElse(null),
                entry.captions());
    }

    /// All pairs of a catalogue, in its order. Images in files are named by their whole path, which must be the
    /// same on all machines.
    ///
    /// @param catalogue as [Catalogue#open] takes it
    /// @throws org.terrachange.data.pairs.DatasetException if the catalogue cannot be understood
    public static List<CataloguePair> all(Path catalogue) throws IOException, InterruptedException {
        List<CataloguePair> pairs = new ArrayList<>();
        Catalogue.open(catalogue.toAbsolutePath().normalize()).forEach(entry -> pairs.add(of(entry)));
        return pairs;
    }

    /// The pair as a catalogue gives it.
    public PairEntry entry() {
        return new PairEntry(
                id,
                before,
                after,
                Optional.ofNullable(beforeDate),
                Optional.ofNullable(afterDate),
                Optional.ofNullable(footprint),
                captions);
    }
}
