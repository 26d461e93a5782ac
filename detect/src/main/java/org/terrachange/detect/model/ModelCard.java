package org.terrachange.detect.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.tensor.ImageNormalization;

/// What a user of a change detector must know about it; stored as text in the metadata of its checkpoint.
///
/// @param name what the model is called
/// @param layout the shape of the network
/// @param normalization how images are prepared for it
/// @param threshold probability from which a pixel counts as changed, chosen on validation data
/// @param calibration how logits become probabilities
/// @param minGsd finest ground sampling distance it was trained for, in metres a pixel
/// @param maxGsd coarsest one
/// @param trainingData the datasets, in words
/// @param licence terms of use, in words
/// @param metrics scores, by a name that says on what
public record ModelCard(
        String name,
        ChangeLayout layout,
        ImageNormalization normalization,
        double threshold,
        Calibration calibration,
        double minGsd,
        double maxGsd,
        String trainingData,
        String licence,
        Map<String, String> metrics) {
    private static final String METRIC = "metric.";

    public ModelCard {
        metrics = Map.copyOf(metrics);
        if (!(threshold > 0 && threshold < 1)) {
            throw new IllegalArgumentException("a threshold lies between 0 and 1, got " + threshold);
        }
        requireRising(minGsd, maxGsd);
    }

    /// The pixel sizes that it was trained for.
    public GsdRange gsdRange() {
        return new GsdRange(minGsd, maxGsd);
    }

    private static void requireRising(double minGsd, double maxGsd) {
        if (!(minGsd > 0 && maxGsd >= minGsd)) {
            throw new IllegalArgumentException("pixel sizes from " + minGsd + " to " + maxGsd + " m are no range");
        }
    }

    /// The text that a checkpoint carries.
    public Map<String, String> toMetadata() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("format", "terrachange");
        text.put("name", name);
        text.put("layout", layout.label());
        text.putAll(normalization.toMetadata());
        text.put("threshold", Double.toString(threshold));
        text.put("temperature", Double.toString(calibration.temperature()));
        text.put("offset", Double.toString(calibration.offset()));
        text.put("gsd_min", Double.toString(minGsd));
        text.put("gsd_max", Double.toString(maxGsd));
        text.put("training_data", trainingData);
        text.put("licence", licence);
        metrics.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> text.put(METRIC + e.getKey(), e.getValue()));
        return text;
    }

    /// The card that a checkpoint carries.
    ///
    /// @param source the file, for messages
    /// @throws CheckpointException if the metadata is not a card
    public static ModelCard of(String source, Map<String, String> metadata) throws CheckpointException {
        try {
            Map<String, String> metrics = metadata.entrySet().stream()
                    .filter(e -> e.getKey().startsWith(METRIC))
                    .collect(Collectors.toMap(e -> e.getKey().substring(METRIC.length()), Map.Entry::getValue));
            return new ModelCard(
                    metadata.getOrDefault("name", "unnamed"),
                    ChangeLayout.parse(required(metadata, "layout")),
                    ImageNormalization.of(metadata)
                            .orElseThrow(() -> new IllegalArgumentException("its metadata has no \"mean\"")),
                    Double.parseDouble(metadata.getOrDefault("threshold", "0.5")),
                    new Calibration(
                            Double.parseDouble(metadata.getOrDefault("temperature", "1")),
                            Double.parseDouble(metadata.getOrDefault("offset", "0"))),
                    Double.parseDouble(metadata.getOrDefault("gsd_min", "0.3")),
                    Double.parseDouble(metadata.getOrDefault("gsd_max", "1.0")),
                    metadata.getOrDefault("training_data", "not stated"),
                    metadata.getOrDefault("licence", "not stated"),
                    metrics);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(source, "is not a TerraChange detector: " + e.getMessage());
        }
    }

    /// The card of weights that carry none, in the layout of the original Python application: RGB divided by 255.
    public static ModelCard ofBareWeights(String name) {
        return new ModelCard(
                name,
                ChangeLayout.TERRACHANGE_V1,
                ImageNormalization.NONE,
                0.5,
                Calibration.NONE,
                0.3,
                1.0,
                "not stated",
                "not stated",
                Map.of());
    }

    public ModelCard withThreshold(double value) {
        return new ModelCard(
                name, layout, normalization, value, calibration, minGsd, maxGsd, trainingData, licence, metrics);
    }

    public ModelCard withMetrics(Map<String, String> values) {
        return new ModelCard(
                name, layout, normalization, threshold, calibration, minGsd, maxGsd, trainingData, licence, values);
    }

    private static String required(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("its metadata has no \"" + key + "\"");
        }
        return value;
    }
}
