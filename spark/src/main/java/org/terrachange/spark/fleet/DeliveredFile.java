package org.terrachange.spark.fleet;

import java.io.Serializable;
import java.nio.file.Path;
import org.apache.spark.SparkFiles;

/// A file that every worker has a copy of.
///
/// @param role folder that it lies in
/// @param name its own name
public record DeliveredFile(String role, String name) implements Serializable {

    /// Where it lies on this worker.
    public Path path() {
        return Path.of(SparkFiles.get(role)).resolve(name);
    }
}
