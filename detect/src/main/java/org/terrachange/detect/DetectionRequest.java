package org.terrachange.detect;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.raster.vector.VectorFormat;

/// What to detect and what to leave behind.
///
/// @param scene the images and how to bring them together
/// @param dates when they were taken
/// @param folder where results go; created if needed, older results of the same names are replaced, all at once
/// @param threshold probability from which a pixel counts as changed; the model's own where absent
/// @param tile width and height of a tile in pixels, a multiple of 32
/// @param overlap pixels that neighbouring tiles share, at most half a tile
/// @param minArea smallest change that becomes a polygon, in square metres; in pixels where the scene lies on no
/// ground
/// @param simplify how far a polygon's outline may leave the pixels' edges
/// @param formats of the polygons
/// @param probability number format of the probability raster
/// @param compression of the rasters
public record DetectionRequest(
        SceneRequest scene,
        SceneDates dates,
        Path folder,
        OptionalDouble threshold,
        int tile,
        int overlap,
        double minArea,
        Tolerance simplify,
        List<VectorFormat> formats,
        ProbabilityFormat probability,
        Compression compression) {

    public static final int DEFAULT_TILE = 1024;
    public static final int DEFAULT_OVERLAP = 128;

    public DetectionRequest {
        // A format may have two names, and its file is written once.
        formats = formats.stream().distinct().toList();
        if (threshold.isPresent() && !(threshold.getAsDouble() > 0 && threshold.getAsDouble() < 1)) {
            throw new IllegalArgumentException(
                    "the threshold must lie between 0 and 1, got " + threshold.getAsDouble());
        }
        if (!(minArea >= 0)) {
            throw new IllegalArgumentException("the smallest area must not be negative, got " + minArea);
        }
        if (tile < ChangeNetwork.SIZE_MULTIPLE || tile % ChangeNetwork.SIZE_MULTIPLE != 0) {
            throw new IllegalArgumentException(
                    "the tile size must be a positive multiple of " + ChangeNetwork.SIZE_MULTIPLE + ", got " + tile);
        }
        if (overlap < 0 || overlap > tile / 2) {
            throw new IllegalArgumentException(
                    "the overlap must lie between 0 and half the tile size of " + tile + ", got " + overlap);
        }
    }
}
