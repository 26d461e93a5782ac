package org.terrachange.data.synthetic;

import org.locationtech.jts.geom.Geometry;

/// One object that stands on only one of the two dates.
///
/// @param id 1, 2, 3, ... within the scene
/// @param kind what it is
/// @param change whether it came or went
/// @param footprint the ground that its walls or kerbs enclose, in the coordinates of the scene's grid; it may
///     reach beyond the images
/// @param pixels how many pixels of the images it covers as seen, at least 1; where it counts as change these
///     are set in the mask
public record ChangedObject(int id, Kind kind, Change change, Geometry footprint, long pixels) {

    /// What an object is.
    public enum Kind {
        HOUSE,
        SHED,
        HALL,
        ROAD
    }

    /// What happened to it between the dates.
    public enum Change {
        APPEARED,
        VANISHED
    }
}
