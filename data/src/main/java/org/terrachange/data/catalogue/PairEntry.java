package org.terrachange.data.catalogue;

import java.util.List;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;
import org.terrachange.data.pairs.AcquisitionDate;

/// One pair of an archive.
///
/// @param id unique in its catalogue, and the same each time the catalogue is read
/// @param before image of the earlier date: a file, a URL or the name of a GDAL data set
/// @param after image of the later date
/// @param beforeDate when the earlier image was taken, ISO 8601: a day such as `2019-06-30`, or a moment such
///     as `2019-06-30T10:56:00Z`
/// @param afterDate when the later one was
/// @param footprint the ground that both show, longitude and latitude in WGS 84, for images that do not say so
///     themselves
/// @param captions what was said of the change
public record PairEntry(
        String id,
        String before,
        String after,
        Optional<String> beforeDate,
        Optional<String> afterDate,
        Optional<Geometry> footprint,
        List<String> captions) {

    /// @throws IllegalArgumentException naming what is missing or impossible
    public PairEntry {
        require("id", id);
        require("before", before);
        require("after", after);
        beforeDate.ifPresent(AcquisitionDate::require);
        afterDate.ifPresent(AcquisitionDate::require);
        captions = List.copyOf(captions);
    }

    /// A pair of which nothing else is known.
    public static PairEntry of(String id, String before, String after) {
        return new PairEntry(id, before, after, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    private static void require(String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("has no " + name);
        }
    }
}
