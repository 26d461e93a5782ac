package org.terrachange.spark.fleet;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkFiles;

/// A file that every worker has a copy of.
///
/// @param role tells files of one name apart
/// @param name its own name
public record DeliveredFile(String role, String name) implements Serializable {

    /// The name under which Spark sends it: all files of an application come into one folder.
    String sentAs() {
        return role + "-" + name;
    }

    /// Where it lies on this worker, under its own name, by which some models are called.
    public Path path() throws IOException {
        Path sent = Path.of(SparkFiles.get(sentAs()));
        Path named = sent.resolveSibling(role).resolve(name);
        if (!Files.exists(named)) {
            Files.createDirectories(sent.resolveSibling(role));
            try {
                Files.createLink(named, sent);
            } catch (FileAlreadyExistsException _) {
                // Another task was faster.
            }
        }
        return named;
    }
}
