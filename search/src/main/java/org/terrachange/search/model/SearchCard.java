package org.terrachange.search.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.tensor.ImageNormalization;

/// What a user of a search model must know about it; stored as text in the metadata of its checkpoint.
///
/// @param name what the model is called
/// @param architecture the shapes of its towers
/// @param strategy how the two dates become one vector
/// @param normalization how images are prepared for it
/// @param windowMetres side of the ground that one image showed in training, where that was always the same:
///     scenes are cut into windows of this side
/// @param trainingData the datasets, in words
/// @param licence terms of use, in words
/// @param vocabulary the words that it has learned, where its text tower was trained from nothing; absent where
///     that began as one that had read widely
/// @param metrics scores, by a name that says on what
public record SearchCard(
        String name,
        SearchArchitecture architecture,
        ChangeStrategy strategy,
        ImageNormalization normalization,
        OptionalDouble windowMetres,
        String trainingData,
        String licence,
        Optional<Vocabulary> vocabulary,
        Map<String, String> metrics) {
    private static final String METRIC = "metric.";
    private static final String WORDS = "words";
    private static final String WINDOW = "window_m";
    private static final String FORMAT = "terrachange-search";

    public SearchCard {
        if (windowMetres.isPresent() && !(windowMetres.getAsDouble() > 0)) {
            throw new IllegalArgumentException(
                    "a window has a side of more than 0 m, got " + windowMetres.getAsDouble());
        }
        metrics = Map.copyOf(metrics);
    }

    public SearchCard withMetrics(Map<String, String> values) {
        return new SearchCard(
                name, architecture, strategy, normalization, windowMetres, trainingData, licence, vocabulary, values);
    }

    /// The text that a checkpoint carries.
    public Map<String, String> toMetadata() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("format", FORMAT);
        text.put("name", name);
        text.putAll(architecture.toMetadata());
        text.put("strategy", strategy.label());
        text.putAll(normalization.toMetadata());
        windowMetres.ifPresent(metres -> text.put(WINDOW, Double.toString(metres)));
        text.put("training_data", trainingData);
        text.put("licence", licence);
        vocabulary.ifPresent(known -> text.put(WORDS, String.join(" ", known.words())));
        metrics.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> text.put(METRIC + e.getKey(), e.getValue()));
        return text;
    }

    /// The card that a checkpoint carries.
    ///
    /// @param source the file, for messages
    /// @throws CheckpointException if the metadata is not a card
    public static SearchCard of(String source, Map<String, String> metadata) throws CheckpointException {
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new CheckpointException(
                    source,
                    "is not a TerraChange search model"
                            + (metadata.containsKey("format") ? ": it is a " + metadata.get("format") + " file" : ""));
        }
        try {
            Optional<ImageNormalization> normalization = ImageNormalization.of(metadata);
            return new SearchCard(
                    metadata.getOrDefault("name", "unnamed"),
                    SearchArchitecture.of(metadata),
                    ChangeStrategy.parse(metadata.getOrDefault("strategy", "not stated")),
                    normalization.orElseThrow(() -> new IllegalArgumentException("its metadata has no \"mean\"")),
                    metadata.containsKey(WINDOW)
                            ? OptionalDouble.of(Double.parseDouble(metadata.get(WINDOW)))
                            : OptionalDouble.empty(),
                    metadata.getOrDefault("training_data", "not stated"),
                    metadata.getOrDefault("licence", "not stated"),
                    Optional.ofNullable(metadata.get(WORDS)).map(words -> new Vocabulary(List.of(words.split(" ")))),
                    metadata.entrySet().stream()
                            .filter(e -> e.getKey().startsWith(METRIC))
                            .collect(
                                    Collectors.toMap(e -> e.getKey().substring(METRIC.length()), Map.Entry::getValue)));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(source, "is not a TerraChange search model: " + e.getMessage());
        }
    }
}
