package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
            List<Line> lines = new ArrayList<>();
            if (file == null) {
                lines.add(new Line(
                        "file",
                        "not here; fetch it with: terrachange models pull "
                                + (registered == null ? "" : registered.name())));
            } else {
                lines.add(new Line("file", file));
                lines.add(new Line("size", String.format(Locale.ROOT, "%,d bytes, %,d tensors", bytes, tensors)));
            }
            if (registered != null) {
                lines.addAll(registryLines(registered));
            }
            if (file != null && card.isEmpty()) {
                lines.add(new Line("card", "none: bare weights"));
            }
            card.forEach((key, value) -> lines.add(new Line(key, value)));
            int width =
                    lines.stream().mapToInt(line -> line.label().length()).max().orElse(0) + 2;
            return lines.stream()
                    .map(line -> line.label() + " ".repeat(width - line.label().length()) + line.value())
                    .collect(Collectors.joining(System.lineSeparator()));
        }

        private static List<Line> registryLines(ListedModel model) {
            List<Line> lines = new ArrayList<>(List.of(
                    new Line("about", model.description()),
                    new Line("task", model.task()),
                    new Line("layout", model.layout()),
                    new Line("normalisation", model.normalization()),
                    new Line("licence", model.licence()),
                    new Line("length", model.size()),
                    new Line("SHA-256", model.sha256() == null ? "learned at the first download" : model.sha256())));
            model.urls().forEach(url -> lines.add(new Line("from", url)));
            return lines;
        }

        private record Line(String label, String value) {}
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
