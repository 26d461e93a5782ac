package org.terrachange.server.rest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.storage.JobFolder;

/// The results of a job, each by a reference (18-062r2, schema `results.yaml`).
final class ResultDocument {
    private ResultDocument() {}

    /// One result.
    ///
    /// @param href where it is
    /// @param type its media type
    /// @param title what it is
    /// @param length in bytes
    record Reference(String href, String type, String title, long length) {}

    /// Those products that are there, by their names among the outputs.
    static Map<String, Reference> of(Job job, JobFolder folder) throws IOException {
        Map<String, Reference> results = new LinkedHashMap<>();
        for (Product product : Product.values()) {
            Path file = folder.results().resolve(product.file());
            if (Files.exists(file)) {
                results.put(
                        product.id(),
                        new Reference(
                                "/jobs/" + job.id() + "/results/" + product.file(),
                                product.mediaType(),
                                product.title(),
                                Files.size(file)));
            }
        }
        return results;
    }
}
