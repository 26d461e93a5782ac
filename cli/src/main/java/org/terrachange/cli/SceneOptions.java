package org.terrachange.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.raster.rgb.BandChoice;
import org.terrachange.raster.warp.Interpolation;
import org.terrachange.raster.warp.TargetGrid;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Two images and how to bring them together, as options of a command.
final class SceneOptions {
    @Parameters(
            index = "0",
            paramLabel = "BEFORE",
            description = "Image of the earlier date: a file, a URL, or the name of a GDAL data set.")
    private String before;

    @Parameters(
            index = "1",
            paramLabel = "AFTER",
            description = "Image of the later date. Grid, pixel size and coordinate reference system may differ.")
    private String after;

    @Option(
            names = "--bands",
            paramLabel = "R,G,B",
            description =
                    "Bands that are red, green and blue, counted from 1 (default: as the file says, else its first"
                            + " three).")
    private @Nullable String bands;

    @Option(
            names = "--after-bands",
            paramLabel = "R,G,B",
            description = "The same for the later image, where it differs.")
    private @Nullable String afterBands;

    @Option(
            names = "--nodata",
            paramLabel = "VALUE",
            description = "Value of missing pixels in both images (default: as the files say).")
    private @Nullable Double nodata;

    @Option(
            names = "--grid",
            paramLabel = "IMAGE",
            defaultValue = "before",
            description = "Whose pixels the results have: before, after, or finer (default: ${DEFAULT-VALUE}).")
    private String grid;

    @Option(
            names = "--resolution",
            paramLabel = "METRES",
            description = "Side of the results' pixels on the ground, instead of what --grid and --gsd choose.")
    private @Nullable Double resolution;

    @Option(
            names = "--gsd",
            paramLabel = "CHOICE",
            defaultValue = "model",
            description = "Scenes with pixels that the model was not trained for: model resamples them to its range,"
                    + " native does not (default: ${DEFAULT-VALUE}).")
    private String gsd;

    @Option(
            names = "--resampling",
            paramLabel = "NAME",
            defaultValue = "cubic",
            description = "How an image comes onto another grid: nearest, bilinear, cubic or area (default:"
                    + " ${DEFAULT-VALUE}).")
    private String resampling;

    @Option(
            names = "--register",
            description = "Correct the shift between the images that is found. It is reported either way.")
    private boolean register;

    @Option(
            names = "--aoi",
            paramLabel = "FILE",
            description = "Work only inside the polygons of this GeoJSON or GeoPackage, in any coordinate reference"
                    + " system.")
    private @Nullable Path areaOfInterest;

    @Option(
            names = "--before-date",
            paramLabel = "DATE",
            description = "When the earlier image was taken, such as 2019-06-30; written into the results.")
    private @Nullable String beforeDate;

    @Option(names = "--after-date", paramLabel = "DATE", description = "When the later image was taken.")
    private @Nullable String afterDate;

    /// @throws IllegalArgumentException if one is no date
    SceneDates dates() {
        return new SceneDates(Optional.ofNullable(beforeDate), Optional.ofNullable(afterDate));
    }

    /// @throws IllegalArgumentException if a value is of no use
    SceneRequest request() {
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
