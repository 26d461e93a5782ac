package org.terrachange.spark.detection;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.raster.CrsException;
import org.terrachange.search.archive.SceneGround;

/// The headline numbers of a detection.
///
/// @param width columns of the results
/// @param height their rows
/// @param changedShare of the valid pixels, 0 to 1
/// @param changedSquareMetres area of the polygons, where the scene lies on the ground
/// @param polygons how many there are
/// @param seconds of work
/// @param footprint of the results, longitude and latitude as well-known binary, where they lie on the ground
public record Found(
        int width,
        int height,
        double changedShare,
        @Nullable Double changedSquareMetres,
        long polygons,
        double seconds,
        byte @Nullable [] footprint)
        implements Serializable {

    static Found of(DetectionSummary summary, ScenePair scene) throws CrsException {
        return new Found(
                summary.width(),
                summary.height(),
                summary.changedShare(),
                summary.changedSquareMetres().isPresent()
                        ? summary.changedSquareMetres().getAsDouble()
                        : null,
                summary.polygons(),
                summary.seconds(),
                footprint(scene));
    }

    private static byte @Nullable [] footprint(ScenePair scene) throws CrsException {
        var ground = SceneGround.of(scene.grid());
        if (ground.isEmpty()) {
            return null;
        }
        Geometry outline = ground.get().footprint(scene.grid().window());
        return new WKBWriter().write(outline);
    }
}
