package org.terrachange.spark.fleet;

import java.util.Map;
import java.util.Optional;

/// Where the workers are.
///
/// @param master as Spark names it, such as `local[4]`, `spark://host:7077` or `yarn`; where it is absent, what
///     `spark-submit` says, or all cores of this machine
/// @param options of Spark, such as `spark.task.cpus`; they go before those chosen here
/// @param program class path from which workers on other machines load the program, under these very names, where
///     `spark-submit` does not send it to them
public record FleetSettings(Optional<String> master, Map<String, String> options, Optional<String> program) {
    public FleetSettings {
        options = Map.copyOf(options);
        options.keySet().stream()
                .filter(name -> !name.startsWith("spark."))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "\"" + name + "\" is no option of Spark: their names begin with \"spark.\"");
                });
    }
}
