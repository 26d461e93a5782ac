package org.terrachange.detect.scene;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// When the two images were taken, as far as somebody said so.
///
/// @param before ISO 8601, a day such as `2019-06-30` or a moment such as `2019-06-30T10:56:00Z`
/// @param after the same
public record SceneDates(Optional<String> before, Optional<String> after) {
    /// Nobody said so.
    public static final SceneDates UNKNOWN = new SceneDates(Optional.empty(), Optional.empty());

    public SceneDates {
        before.ifPresent(SceneDates::requireDate);
        after.ifPresent(SceneDates::requireDate);
    }

    private static void requireDate(String text) {
        try {
            if (text.contains("T")) {
                OffsetDateTime.parse(text);
            } else {
                LocalDate.parse(text);
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no date; write it as 2019-06-30, or as 2019-06-30T10:56:00Z", e);
        }
    }
}
