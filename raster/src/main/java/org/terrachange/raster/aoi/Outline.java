package org.terrachange.raster.aoi;

import java.util.List;

/// One polygon: what lies inside an odd number of its rings (even-odd rule), in whatever direction they run.
///
/// @param rings x and y in turn; a ring may or may not repeat its first position at its end
record Outline(List<double[]> rings) {
    Outline {
        rings = List.copyOf(rings);
    }

    int vertices() {
        return rings.stream().mapToInt(ring -> ring.length / 2).sum();
    }
}
