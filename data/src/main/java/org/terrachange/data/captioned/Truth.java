package org.terrachange.data.captioned;

import java.nio.file.Path;
import java.util.List;

/// What a data set tells of the change in a pair.
public sealed interface Truth {

    /// Sentences that people wrote about the whole pair.
    ///
    /// @param sentences at least one
    /// @param changed whether anything changed
    record Sentences(List<String> sentences, boolean changed) implements Truth {
        public Sentences {
            sentences = List.copyOf(sentences);
        }
    }

    /// A mask of buildings that appeared or vanished, which of the two it does not tell: 128 and more, or 1 where
    /// nothing exceeds 1.
    record BuildingMask(Path file) implements Truth {}

    /// LEVIR-MCI's mask of changed roads (64 to 191, written as 128) and buildings (192 and more, written as
    /// 255) in its first channel.
    record ClassMask(Path file) implements Truth {}

    /// S2Looking's two masks: buildings newly built, and buildings demolished.
    record BuiltAndDemolished(Path built, Path demolished) implements Truth {}

    /// xBD's polygons of buildings with grades of damage, in pixels of the later image.
    record DamagePolygons(Path file) implements Truth {}
}
