package org.terrachange.data.pairs;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/// When an image was taken, as people and catalogues write it: a day such as `2019-06-30`, or a moment such as
/// `2019-06-30T10:56:00Z` (ISO 8601).
public final class AcquisitionDate {
    private AcquisitionDate() {}

    /// A text that is such a date.
    ///
    /// @throws IllegalArgumentException if it is none; the message says how to write one
    public static String require(String text) {
        try {
            if (text.contains("T")) {
                OffsetDateTime.parse(text);
            } else {
                LocalDate.parse(text);
            }
            return text;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no date; write it as 2019-06-30, or as 2019-06-30T10:56:00Z", e);
        }
    }
}
