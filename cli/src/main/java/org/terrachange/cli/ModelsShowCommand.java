package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.ModelEntry;
import org.terrachange.hub.ModelHub;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.StateDict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `terrachange models show`.
@Command(
        name = "show",
        description = "Shows what is known of a model, and what it says of itself where it is on this machine: layout,"
                + " threshold, training data, scores. Downloads nothing.")
final class ModelsShowCommand implements Callable<Integer> {
    @Mixin
    private SharedOptions.Output output;

    @Parameters(paramLabel = "NAME|FILE", description = "A model by name, or a checkpoint.")
    private String model;

    /// @param file null where it is not here; then there are neither bytes nor tensors
    /// @param card what the checkpoint says of itself; empty for bare weights
    /// @param registered what the registry says of it; null for a checkpoint given as a file
    private record Shown(
            @Nullable String file,
            @Nullable Long bytes,
            @Nullable Integer tensors,
            Map<String, String> card,
            @Nullable ListedModel registered) {

        String text() {
            StringBuilder text = new StringBuilder();
            if (file == null) {
                line(
                        text,
                        "file",
                        "not here; fetch it with: terrachange models pull "
                                + (registered == null ? "" : registered.name()));
            } else {
                line(text, "file", file);
                line(text, "size", String.format(Locale.ROOT, "%,d bytes, %,d tensors", bytes, tensors));
            }
            if (registered != null) {
                registryLines(text, registered);
            }
            if (file != null && card.isEmpty()) {
                line(text, "card", "none: bare weights");
            }
            card.forEach((key, value) -> line(text, key, value));
            return text.toString();
        }

        private static void registryLines(StringBuilder text, ListedModel model) {
            line(text, "about", model.description());
            line(text, "task", model.task());
            line(text, "layout", model.layout());
            line(text, "normalisation", model.normalization());
            line(text, "licence", model.licence());
            line(text, "length", model.size());
            line(text, "SHA-256", model.sha256() == null ? "learned at the first download" : model.sha256());
            model.urls().forEach(url -> line(text, "from", url));
        }

        private static void line(StringBuilder text, String label, String value) {
            text.append(String.format(Locale.ROOT, "%-22s%s%n", label, value));
        }
    }

    @Override
    public Integer call() throws Exception {
        ModelHub hub = ModelHub.ofInstallation().offline();
        Optional<ModelEntry> entry = Files.isRegularFile(Path.of(model))
                ? Optional.empty()
                : hub.registry().find(model);
        ListedModel registered = entry.isPresent() ? ListedModel.of(hub, entry.get()) : null;
        Shown shown = registered != null && !registered.installed()
                ? new Shown(null, null, null, Map.of(), registered)
                : read(hub.resolve(model), registered);
        output.console().result(shown, shown.text());
        return ExitCode.DONE;
    }

    private static Shown read(Path file, @Nullable ListedModel registered) throws IOException {
        try (StateDict state = Checkpoints.open(file)) {
            return new Shown(
                    file.toString(),
                    Files.size(file),
                    state.tensors().size(),
                    new TreeMap<>(state.metadata()),
                    registered);
        }
    }
}
