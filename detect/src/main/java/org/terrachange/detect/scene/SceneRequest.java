package org.terrachange.detect.scene;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.raster.rgb.BandChoice;
import org.terrachange.raster.warp.Interpolation;
import org.terrachange.raster.warp.TargetGrid;

/// Two images and how to bring them together. Start from [#of] and refine.
///
/// @param before image of the earlier date: a file, a URL or the name of a GDAL data set
/// @param after image of the later date
/// @param beforeBands which bands of the earlier image are red, green and blue
/// @param afterBands which bands of the later image are
/// @param nodata value of missing pixels in both, in place of what the files name
/// @param target whose pixels the results have
/// @param resampling how an image comes onto a grid that is not its own
/// @param resolution side of the results' pixels in metres on the ground; chosen by `target` and `gsd` where
///     absent
/// @param gsd what to do with pixel sizes that the detector was not trained for
/// @param register whether to correct the shift between the images that is found
/// @param areaOfInterest file of the polygons to which the work is confined
public record SceneRequest(
        String before,
        String after,
        BandChoice beforeBands,
        BandChoice afterBands,
        OptionalDouble nodata,
        TargetGrid target,
        Interpolation resampling,
        OptionalDouble resolution,
        GsdPolicy gsd,
        boolean register,
        Optional<Path> areaOfInterest) {

    public SceneRequest {
        if (resolution.isPresent() && !(resolution.getAsDouble() > 0 && Double.isFinite(resolution.getAsDouble()))) {
            throw new IllegalArgumentException(
                    "the resolution must be a positive number of metres, got " + resolution.getAsDouble());
        }
    }

    /// Two images on the grid of the earlier one, bands by their roles, resampled by cubic convolution where
    /// needed and to the detector's range of pixel sizes, not registered.
    public static SceneRequest of(String before, String after) {
        return new SceneRequest(
                before,
                after,
                BandChoice.BY_ROLE,
                BandChoice.BY_ROLE,
                OptionalDouble.empty(),
                TargetGrid.BEFORE,
                Interpolation.CUBIC,
                OptionalDouble.empty(),
                GsdPolicy.MODEL,
                false,
                Optional.empty());
    }

    public SceneRequest withRegister(boolean value) {
        return new SceneRequest(
                before,
                after,
                beforeBands,
                afterBands,
                nodata,
                target,
                resampling,
                resolution,
                gsd,
                value,
                areaOfInterest);
    }

    public SceneRequest withGsd(GsdPolicy value) {
        return new SceneRequest(
                before,
                after,
                beforeBands,
                afterBands,
                nodata,
                target,
                resampling,
                resolution,
                value,
                register,
                areaOfInterest);
    }

    public SceneRequest withAreaOfInterest(Path value) {
        return new SceneRequest(
                before,
                after,
                beforeBands,
                afterBands,
                nodata,
                target,
                resampling,
                resolution,
                gsd,
                register,
                Optional.of(value));
    }
}
