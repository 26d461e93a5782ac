package org.terrachange.spark.detection;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.detect.DetectionRequest;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.raster.rgb.BandChoice;
import org.terrachange.raster.vector.VectorFormat;
import org.terrachange.raster.warp.Interpolation;
import org.terrachange.raster.warp.TargetGrid;

/// A [DetectionRequest] without its pair, in a form that travels.
///
/// @param bands of the earlier image, as [BandChoice#parse] takes them; by their roles where absent
/// @param afterBands of the later one; those of the earlier where absent
/// @param nodata value of missing pixels in both, in place of what the files name
/// @param target whose pixels the results have
/// @param resampling how an image comes onto another grid
/// @param resolution side of the results' pixels in metres
/// @param gsd what to do with pixel sizes that the detector was not trained for
/// @param register whether to correct shifts
/// @param areaOfInterest file of the polygons to which the work is confined, the same on all machines
/// @param threshold the model's own where absent
/// @param tile width and height of a tile in pixels
/// @param overlap pixels that neighbouring tiles share
/// @param minArea smallest change that becomes a polygon
/// @param simplify as [Tolerance#parse] takes it
/// @param formats of the polygons, by name
/// @param probability number format of the probability raster
/// @param compression of the rasters
public record DetectSettings(
        @Nullable String bands,
        @Nullable String afterBands,
        @Nullable Double nodata,
        TargetGrid target,
        Interpolation resampling,
        @Nullable Double resolution,
        GsdPolicy gsd,
        boolean register,
        @Nullable String areaOfInterest,
        @Nullable Double threshold,
        int tile,
        int overlap,
        double minArea,
        String simplify,
        List<String> formats,
        ProbabilityFormat probability,
        Compression compression)
        implements Serializable {

    /// @throws IllegalArgumentException if a value is of no use
    public DetectSettings {
        formats = List.copyOf(formats);
    }

    /// The request for one pair.
    ///
    /// @throws IllegalArgumentException if a value is of no use
    public DetectionRequest request(PairEntry pair, Path folder) {
        BandChoice earlier = bands == null ? BandChoice.BY_ROLE : BandChoice.parse(bands);
        return new DetectionRequest(
                new SceneRequest(
                        pair.before(),
                        pair.after(),
                        earlier,
                        afterBands == null ? earlier : BandChoice.parse(afterBands),
                        optional(nodata),
                        target,
                        resampling,
                        optional(resolution),
                        gsd,
                        register,
                        Optional.ofNullable(areaOfInterest).map(Path::of)),
                new SceneDates(pair.beforeDate(), pair.afterDate()),
                folder,
                optional(threshold),
                tile,
                overlap,
                minArea,
                Tolerance.parse(simplify),
                formats.stream().map(VectorFormat::parse).toList(),
                probability,
                compression);
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
