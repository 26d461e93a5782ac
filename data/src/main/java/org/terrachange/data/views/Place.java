package org.terrachange.data.views;

import java.nio.file.Path;
import java.util.List;

/// One place and the images of it.
///
/// @param dates images of equal size, in the order of time; at least one
public record Place(List<Path> dates) {
    public Place {
        dates = List.copyOf(dates);
        if (dates.isEmpty()) {
            throw new IllegalArgumentException("a place needs an image");
        }
    }
}
