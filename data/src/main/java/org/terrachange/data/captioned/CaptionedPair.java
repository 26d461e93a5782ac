package org.terrachange.data.captioned;

import java.nio.file.Path;
import java.util.OptionalDouble;

/// One image pair of a data set and what is known of its change.
///
/// @param id unique in the split
/// @param scene the place that it shows, as far as the names tell
/// @param before image of the earlier date
/// @param after image of the later date
/// @param truth what is known of the change
/// @param metresPerPixel ground sampling distance, where the data set states it
public record CaptionedPair(
        String id, String scene, Path before, Path after, Truth truth, OptionalDouble metresPerPixel) {}
