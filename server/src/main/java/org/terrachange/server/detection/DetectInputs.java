package org.terrachange.server.detection;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.scene.SceneDates;
import org.terrachange.raster.polygon.Tolerance;
import org.terrachange.server.storage.ImageRef;
import org.terrachange.server.web.Refusal;

/// What the process `detect-changes` takes, as a request gives it. [#checked] tells whether it can be used.
///
/// @param before names the earlier image
/// @param after names the later image
/// @param threshold probability from which a pixel counts as changed; the model's own where absent
/// @param minArea smallest change that becomes a polygon, in square metres, or in pixels on no ground
/// @param simplify how far outlines may leave the pixels' edges, such as `1.5px` or `2m`
/// @param beforeDate when the earlier image was taken, ISO 8601
/// @param afterDate when the later image was taken
/// @param title for people
public record DetectInputs(
        @Nullable String before,
        @Nullable String after,
        @Nullable Double threshold,
        @Nullable Double minArea,
        @Nullable String simplify,
        @Nullable String beforeDate,
        @Nullable String afterDate,
        @Nullable String title) {
    private static final int LONGEST_TITLE = 200;
    private static final String DEFAULT_SIMPLIFY = "1px";
    private static final double LARGEST_AREA = 1e12;

    /// The same, understood.
    ///
    /// @param minArea in square metres, or in pixels on no ground
    /// @param title for people, where one was given
    public record Checked(
            ImageRef before,
            ImageRef after,
            OptionalDouble threshold,
            double minArea,
            Tolerance simplify,
            SceneDates dates,
            Optional<String> title) {}

    /// @throws Refusal with 400 if something is missing, 422 if a value is of no use
    public Checked checked() {
        if (before == null || after == null) {
            throw Refusal.badRequest("the inputs before and after are needed; each names an image");
        }
        ImageRef earlier = ImageRef.parse(before);
        ImageRef later = ImageRef.parse(after);
        if (threshold != null && !(threshold > 0 && threshold < 1)) {
            throw Refusal.unprocessable("threshold must lie between 0 and 1, got " + threshold);
        }
        if (minArea != null && !(minArea >= 0 && minArea <= LARGEST_AREA)) {
            throw Refusal.unprocessable("min_area must lie between 0 and 1e12, got " + minArea);
        }
        String name = title == null ? "" : title.replaceAll("\\p{C}+", " ").strip();
        if (name.length() > LONGEST_TITLE) {
            throw Refusal.unprocessable("title has more than " + LONGEST_TITLE + " characters");
        }
        try {
            return new Checked(
                    earlier,
                    later,
                    threshold == null ? OptionalDouble.empty() : OptionalDouble.of(threshold),
                    Objects.requireNonNullElse(minArea, 0.0),
                    Tolerance.parse(Objects.requireNonNullElse(simplify, DEFAULT_SIMPLIFY)),
                    new SceneDates(Optional.ofNullable(beforeDate), Optional.ofNullable(afterDate)),
                    name.isEmpty() ? Optional.empty() : Optional.of(name));
        } catch (IllegalArgumentException e) {
            throw Refusal.unprocessable(Refusal.quoted(String.valueOf(e.getMessage())));
        }
    }
}
