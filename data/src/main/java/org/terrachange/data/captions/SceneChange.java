package org.terrachange.data.captions;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.terrachange.data.captions.ChangedThing.Kind;

/// Everything that is known of the change in one image pair.
///
/// @param things what changed, and, where buildings were looked at one by one, the others too
/// @param watched the kinds that the annotators looked for: nothing can be said of others
/// @param width columns of the images
/// @param height rows
/// @param metresPerPixel ground sampling distance, where it is known
/// @param hazard what struck between the dates, such as `flood`, where something did
public record SceneChange(
        List<ChangedThing> things,
        Set<Kind> watched,
        int width,
        int height,
        OptionalDouble metresPerPixel,
        Optional<String> hazard) {
    public SceneChange {
        things = List.copyOf(things);
        watched = Set.copyOf(watched);
    }

    /// Whether anything changed.
    public boolean changed() {
        return things.stream().anyMatch(thing -> thing.fate().isChange());
    }
}
