package org.terrachange.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.detect.scene.SceneRequest;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private AlignmentOptions alignment;

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
        return alignment.request(before, after);
    }
}
