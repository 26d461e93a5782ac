package org.terrachange.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.raster.rgb.BandChoice;
import org.terrachange.raster.warp.Interpolation;
import org.terrachange.raster.warp.TargetGrid;
import picocli.CommandLine.Option;

/// How two images are brought together, as options of a command.
final class AlignmentOptions {
    @Option(
            names = "--bands",
            paramLabel = "R,G,B",
            description =
                    "Bands that are red, green and blue, counted from 1 (default: as the file says, else its first"
                            + " three).")
    @Nullable
    String bands;

    @Option(
            names = "--after-bands",
            paramLabel = "R,G,B",
            description = "The same for the later image, where it differs.")
    @Nullable
    String afterBands;

    @Option(
            names = "--nodata",
            paramLabel = "VALUE",
            description = "Value of missing pixels in both images (default: as the files say).")
    @Nullable
    Double nodata;

    @Option(
            names = "--grid",
            paramLabel = "IMAGE",
            defaultValue = "before",
            description = "Whose pixels the results have: before, after, or finer (default: ${DEFAULT-VALUE}).")
    String grid;

    @Option(
            names = "--resolution",
            paramLabel = "METRES",
            description = "Side of the results' pixels on the ground, instead of what --grid and --gsd choose.")
    @Nullable
    Double resolution;

    @Option(
            names = "--gsd",
            paramLabel = "CHOICE",
            defaultValue = "model",
            description = "Scenes with pixels that the model was not trained for: model resamples them to its range,"
                    + " native does not (default: ${DEFAULT-VALUE}).")
    String gsd;

    @Option(
            names = "--resampling",
            paramLabel = "NAME",
            defaultValue = "cubic",
            description = "How an image comes onto another grid: nearest, bilinear, cubic or area (default:"
                    + " ${DEFAULT-VALUE}).")
    String resampling;

    @Option(
            names = "--register",
            description = "Correct the shift between the images that is found. It is reported either way.")
    boolean register;

    @Option(
            names = "--aoi",
            paramLabel = "FILE",
            description = "Work only inside the polygons of this GeoJSON or GeoPackage, in any coordinate reference"
                    + " system.")
    @Nullable
    Path areaOfInterest;

    /// @throws IllegalArgumentException if a value is of no use
    SceneRequest request(String before, String after) {
        BandChoice earlier = bands == null ? BandChoice.BY_ROLE : BandChoice.parse(bands);
        return new SceneRequest(
                before,
                after,
                earlier,
                afterBands == null ? earlier : BandChoice.parse(afterBands),
                optional(nodata),
                TargetGrid.parse(grid),
                Interpolation.parse(resampling),
                optional(resolution),
                GsdPolicy.parse(gsd),
                register,
                Optional.ofNullable(areaOfInterest));
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
