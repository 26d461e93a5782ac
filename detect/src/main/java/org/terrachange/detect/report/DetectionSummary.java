package org.terrachange.detect.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.detect.scene.Alignment;

/// What a detection found, as `summary.json` holds it.
///
/// @param before location of the earlier image
/// @param after location of the later image
/// @param beforeDate when the earlier image was taken, ISO 8601, if somebody said so
/// @param afterDate when the later image was taken
/// @param width columns of the scene
/// @param height rows
/// @param crs name of the scene's CRS
/// @param pixelSize width and height of a pixel in CRS units; empty where the scene lies on no ground
/// @param alignment how the images were brought together
/// @param model name of the detector
/// @param layout shape of its network
/// @param precision number format that it computed in
/// @param threshold probability from which a pixel counts as changed
/// @param tile width and height of a tile in pixels
/// @param overlap pixels that neighbouring tiles share
/// @param minArea smallest polygon kept, in square metres (pixels on no ground)
/// @param validPixels pixels present in both dates
/// @param changedPixels of these, at or above the threshold
/// @param changedShare the ratio of the two
/// @param changedSquareMetres area of the polygons; absent where the scene lies on no ground
/// @param polygons number of polygons
/// @param cuts how often an area with an outline too long for the memory was cut in two; 0 as a rule
/// @param meanProbability over all valid pixels
/// @param meanChangeProbability over the changed pixels
/// @param highConfidenceShare share of the changed pixels above 0.7
/// @param seconds wall-clock time; of a scene that was detected in bands, the sum over them and the making of files
/// @param files names of the results in the output folder
/// @param modelCard what the checkpoint says of the detector
public record DetectionSummary(
        String before,
        String after,
        Optional<String> beforeDate,
        Optional<String> afterDate,
        int width,
        int height,
        Optional<String> crs,
        List<Double> pixelSize,
        Alignment alignment,
        String model,
        String layout,
        String precision,
        double threshold,
        int tile,
        int overlap,
        double minArea,
        long validPixels,
        long changedPixels,
        double changedShare,
        OptionalDouble changedSquareMetres,
        long polygons,
        long cuts,
        double meanProbability,
        double meanChangeProbability,
        double highConfidenceShare,
        double seconds,
        List<String> files,
        Map<String, String> modelCard) {}
