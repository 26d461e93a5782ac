package org.terrachange.detect.scene;

import java.util.Optional;
import org.terrachange.data.pairs.AcquisitionDate;

/// When the two images were taken, as far as somebody said so.
///
/// @param before ISO 8601, a day such as `2019-06-30` or a moment such as `2019-06-30T10:56:00Z`
/// @param after the same
public record SceneDates(Optional<String> before, Optional<String> after) {
    /// Nobody said so.
    public static final SceneDates UNKNOWN = new SceneDates(Optional.empty(), Optional.empty());

    public SceneDates {
        before.ifPresent(AcquisitionDate::require);
        after.ifPresent(AcquisitionDate::require);
    }
}
