package org.terrachange.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.distributed.ProcessGroup;
import picocli.CommandLine.Option;

/// What the commands that train have in common.
final class TrainingOptions {
    /// The first words of every footer.
    static final String CONTINUES =
            "Run the same command again to continue an interrupted run: it ends with the same weights as one that was"
                    + " never interrupted.";

    private TrainingOptions() {}

    /// The progress of a run, which the first process alone shows. Says that the run goes on, where its folder holds
    /// the state of one.
    ///
    /// @param task what is done, a few words
    static Progress progress(String task, Path folder, Console console, ProcessGroup group) {
        if (!group.first()) {
            return Progress.silent();
        }
        if (Files.exists(folder.resolve("state.safetensors"))) {
            console.note("continuing the run in " + folder);
        }
        return console.progress(task);
    }

    /// Paths of a plan are absolute, since a run can only be continued with the settings it was started with, and
    /// those must not depend on the working directory.
    static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /// The last part of a path.
    static String nameOf(Path folder) {
        Path name = absolute(folder).getFileName();
        return name == null ? "unnamed" : name.toString();
    }

    /// What the card of any model says.
    static class Card {
        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "What the model is called (default: the name of the output folder).")
        private @Nullable String name;

        @Option(
                names = "--licence",
                paramLabel = "TEXT",
                defaultValue = "not stated",
                description = "Terms of use of the weights (default: ${DEFAULT-VALUE}).")
        private String licence = "";

        /// @param out the output folder
        String name(Path out) {
            return name == null ? nameOf(out) : name;
        }

        String licence() {
            return licence;
        }
    }
}
