package org.terrachange.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.terrachange.spark.fleet.FleetSettings;
import org.terrachange.spark.fleet.SparkFleet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Where the workers of a command are.
final class FleetOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "Where to work, as Apache Spark names it: local[4], spark://host:7077, yarn, ... (default: what"
                            + " spark-submit says, else all cores of this machine).")
    private @Nullable String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "An option of Spark, such as spark.task.cpus=4: cores, and threads of the network, of each"
                    + " task. May be given several times.")
    private Map<String, String> options = new LinkedHashMap<>();

    /// Starts Spark; the caller closes it.
    ///
    /// @throws IOException if it cannot be started
    SparkFleet start() throws IOException {
        FleetSettings settings =
                SharedOptions.checked(spec, () -> new FleetSettings(Optional.ofNullable(master), options, program()));
        try {
            return SparkFleet.start(settings);
        } catch (NoClassDefFoundError e) {
            throw new IOException(
                    "Apache Spark was not found; start this command by the launcher ./terrachange, or by spark-submit",
                    e);
        }
    }

    /// What the launcher's class path for these commands is, where this program runs from an installation of its.
    private static Optional<String> program() {
        try {
            Path jar = Path.of(FleetOptions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path spark = jar.resolveSibling("lib").resolve("spark");
            return Files.isDirectory(spark)
                    ? Optional.of(spark.resolve("*") + File.pathSeparator + jar)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the program lies at no place that has a name", e);
        }
    }
}
