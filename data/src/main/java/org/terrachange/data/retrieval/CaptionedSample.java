package org.terrachange.data.retrieval;

import java.util.List;

/// What is said of one image pair.
///
/// @param id its name, unique in the set
/// @param scene the place that it shows, as far as is known: pairs of one scene must not be split between training
///     and validation
/// @param changed whether anything changed
/// @param sentences at least one, none of them blank
public record CaptionedSample(String id, String scene, boolean changed, List<String> sentences) {
    public CaptionedSample {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a sample needs a name");
        }
        sentences = List.copyOf(sentences);
        if (sentences.isEmpty() || sentences.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("the sample " + id + " needs sentences, none of them empty");
        }
    }
}
