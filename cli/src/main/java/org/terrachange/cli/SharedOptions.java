package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.hub.ModelHub;
import org.terrachange.nn.tensor.ComputeMode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Options that several commands have in common.
final class SharedOptions {
    private SharedOptions() {}

    /// Builds a value that checks what it is given, and calls what it refuses a bad option.
    static <T> T checked(CommandSpec spec, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /// How a command speaks. Every command has these.
    static final class Output {
        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        @Option(names = "--json", description = "Print one JSON document on standard output and nothing else there.")
        private boolean json;

        @Option(
                names = {"-q", "--quiet"},
                description = "No progress and no remarks on standard error; errors are still told.")
        private boolean quiet;

        /// Read by [Main] from the parsed line; declared here so that it is known and documented.
        @SuppressWarnings("UnusedVariable")
        @Option(names = "--debug", description = "Where an error happens, add where in the program it came from.")
        private boolean debug;

        /// Whether the result is to be one JSON document.
        boolean json() {
            return json;
        }

        Console console() {
            return new Console(spec.commandLine().getOut(), spec.commandLine().getErr(), json, quiet);
        }
    }

    /// How networks compute.
    static final class Compute {
        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        @Option(
                names = "--device",
                paramLabel = "NAME",
                defaultValue = "auto",
                description = "Where to compute: auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
        private String device;

        @Option(
                names = "--precision",
                paramLabel = "FORMAT",
                defaultValue = "auto",
                description = "Number format of the network: fp32, bf16, or auto, which takes bf16 where the processor"
                        + " multiplies it natively (default: ${DEFAULT-VALUE}).")
        private String precision;

        /// Where and in which number format to compute, after checking that the device can be had.
        ComputeMode mode() {
            return checked(spec, () -> ComputeMode.parse(device, precision));
        }
    }

    /// How named models are come by.
    static final class Hub {
        @Option(
                names = "--offline",
                description = "Download nothing; models that are not on this machine are an error.")
        private boolean offline;

        ModelHub open() throws IOException {
            ModelHub hub = ModelHub.ofInstallation();
            return offline ? hub.offline() : hub;
        }

        /// [#resolve] of an option that may be left out.
        @Nullable
        Path locate(@Nullable Path nameOrPath, Console console) throws IOException {
            return nameOrPath == null ? null : resolve(nameOrPath.toString(), console);
        }

        /// The file that a name or a path stands for, downloaded if it is not here.
        Path resolve(String nameOrPath, Console console) throws IOException {
            try (TransferProgress progress = new TransferProgress(console, nameOrPath)) {
                return open().resolve(nameOrPath, progress);
            }
        }
    }

    /// Which detector to use.
    static final class Model {
        @Option(
                names = "--model",
                paramLabel = "NAME|FILE",
                defaultValue = "terrachange-lite",
                description = "A model by name (see: terrachange models list) or a checkpoint, .safetensors or .pth"
                        + " (default: ${DEFAULT-VALUE}).")
        private String model;

        @Option(
                names = "--tta",
                description = "Let the model see every tile mirrored as well, and average: four times the work for a"
                        + " slightly better map.")
        private boolean testTimeAugmentation;

        @Mixin
        private Hub hub;

        /// Where it and other models of the same command come from.
        Hub hub() {
            return hub;
        }

        /// Its file, downloaded if it is not here.
        Path file(Console console) throws IOException {
            return hub.resolve(model, console);
        }

        /// Whether every tile is also seen mirrored.
        boolean testTimeAugmentation() {
            return testTimeAugmentation;
        }

        /// Loads it, after downloading it if it is not here; the caller closes it.
        ChangeDetector load(Compute compute, Console console) throws IOException {
            ComputeMode mode = compute.mode();
            return ChangeDetector.load(file(console), mode, testTimeAugmentation);
        }
    }
}
