package org.terrachange.server.rest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.terrachange.server.detection.DetectChanges;

/// What the process `detect-changes` says of itself (18-062r2, schema `process.yaml`).
final class ProcessDescription {
    static final String PATH = "/processes/" + DetectChanges.ID;

    /// Written as they stand in the document, whose keys do not follow the naming of the rest.
    private static final Map<String, Object> SUMMARY = ordered(
            "id",
            DetectChanges.ID,
            "version",
            "1.0.0",
            "title",
            "Detect changes",
            "description",
            "Finds what changed on the ground between two overhead images of one place: the probability of"
                    + " change of every pixel, a mask, and polygons with area and confidence.",
            "keywords",
            List.of("change detection", "remote sensing", "satellite", "aerial"),
            "jobControlOptions",
            List.of("sync-execute", "async-execute", "dismiss"),
            "outputTransmission",
            List.of("reference"));

    private ProcessDescription() {}

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /// As it stands in the list of processes.
    static Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>(SUMMARY);
        summary.put("links", List.of(Link.of(PATH, "self", Link.JSON, "the description of this process")));
        return summary;
    }

    /// All of it.
    static Map<String, Object> whole() {
        Map<String, Object> whole = new LinkedHashMap<>(SUMMARY);
        whole.put("inputs", inputs());
        whole.put("outputs", outputs());
        whole.put(
                "links",
                List.of(
                        Link.of(PATH, "self", Link.JSON, "the description of this process"),
                        Link.of(PATH + "/execution", OgcNames.EXECUTE, Link.JSON, "where it is executed")));
        return whole;
    }

    private static Map<String, Object> inputs() {
        Map<String, Object> inputs = new LinkedHashMap<>();
        String image = "upload:ID of an upload, data:FOLDER/FILE below the served folder, or sample:NAME/before";
        inputs.put("before", input("Earlier image", image, 1, ordered("type", "string")));
        inputs.put("after", input("Later image", image, 1, ordered("type", "string")));
        inputs.put(
                "threshold",
                input(
                        "Threshold",
                        "Probability from which a pixel counts as changed; the model's own where absent.",
                        0,
                        ordered("type", "number", "exclusiveMinimum", 0, "exclusiveMaximum", 1)));
        inputs.put(
                "min_area",
                input(
                        "Smallest area",
                        "Smallest change that becomes a polygon, in square metres; in pixels where the images lie on"
                                + " no ground.",
                        0,
                        ordered("type", "number", "minimum", 0, "default", 0)));
        inputs.put(
                "simplify",
                input(
                        "Simplification",
                        "How far outlines may leave the pixels' edges, such as 1.5px or 2m.",
                        0,
                        ordered("type", "string", "default", "1px")));
        inputs.put("before_date", input("Date of the earlier image", "ISO 8601.", 0, ordered("type", "string")));
        inputs.put("after_date", input("Date of the later image", "ISO 8601.", 0, ordered("type", "string")));
        inputs.put("title", input("Title", "For people.", 0, ordered("type", "string", "maxLength", 200)));
        return inputs;
    }

    private static Map<String, Object> input(String title, String description, int least, Map<String, Object> schema) {
        return ordered(
                "title", title, "description", description, "minOccurs", least, "maxOccurs", 1, "schema", schema);
    }

    private static Map<String, Object> outputs() {
        Map<String, Object> outputs = new LinkedHashMap<>();
        for (Product product : Product.values()) {
            outputs.put(
                    product.id(),
                    ordered(
                            "title",
                            product.title(),
                            "schema",
                            ordered("type", "string", "contentMediaType", product.mediaType())));
        }
        return outputs;
    }
}
