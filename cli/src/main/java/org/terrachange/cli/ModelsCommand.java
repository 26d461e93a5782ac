package org.terrachange.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.ModelEntry;
import org.terrachange.hub.ModelHub;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `terrachange models`: what models there are.
@Command(
        name = "models",
        description = "Lists the models that can be asked for by name, shows their cards, and converts checkpoints.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ModelsCommand.ListModels.class, ModelsCommand.ShowModel.class, ModelsCommand.ConvertModel.class})
final class ModelsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "choose list, show or convert");
    }

    /// @param installed whether its file is at hand
    private record Listed(
            String name,
            String layout,
            String licence,
            String description,
            long bytes,
            String sha256,
            boolean installed) {

        static Listed of(ModelHub hub, ModelEntry entry) {
            return new Listed(
                    entry.name(),
                    entry.layout(),
                    entry.licence(),
                    entry.description(),
                    entry.bytes(),
                    entry.sha256(),
                    hub.isPresent(entry));
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%-20s %-18s %s%s",
                    name,
                    layout,
                    description,
                    installed ? "" : " (its file is missing)");
        }
    }

    private record Listing(List<Listed> models) {}

    /// `terrachange models list`.
    @Command(name = "list", description = "Lists the models that can be asked for by name; the first is the default.")
    static final class ListModels implements Callable<Integer> {
        @Mixin
        private SharedOptions.Output output;

        @Override
        public Integer call() {
            ModelHub hub = ModelHub.ofInstallation();
            List<Listed> models = hub.registry().models().stream()
                    .map(entry -> Listed.of(hub, entry))
                    .toList();
            output.console()
                    .result(
                            new Listing(models),
                            models.stream().map(Listed::text).collect(Collectors.joining(System.lineSeparator())));
            return ExitCode.DONE;
        }
    }

    /// @param card what the checkpoint says of itself; empty for bare weights
    /// @param registered what the registry says of it; null for a checkpoint given as a file
    private record Shown(
            String file,
            long bytes,
            int tensors,
            Map<String, String> card,
            @Nullable Listed registered) {

        String text() {
            StringBuilder text = new StringBuilder();
            line(text, "file", file);
            line(text, "size", String.format(Locale.ROOT, "%,d bytes, %,d tensors", bytes, tensors));
            if (registered != null) {
                line(text, "licence", registered.licence());
                line(text, "about", registered.description());
            }
            if (card.isEmpty()) {
                line(text, "card", "none: bare weights, read as terrachange-v1 with threshold 0.5");
            }
            card.forEach((key, value) -> line(text, key, value));
            return text.toString();
        }

        private static void line(StringBuilder text, String label, String value) {
            text.append(String.format(Locale.ROOT, "%-22s%s%n", label, value));
        }
    }

    /// `terrachange models show`.
    @Command(
            name = "show",
            description = "Shows what a model says of itself: layout, threshold, training data, scores.")
    static final class ShowModel implements Callable<Integer> {
        @Mixin
        private SharedOptions.Output output;

        @Parameters(paramLabel = "NAME|FILE", description = "A model by name, or a checkpoint.")
        private String model;

        @Override
        public Integer call() throws Exception {
            ModelHub hub = ModelHub.ofInstallation();
            Path file = hub.resolve(model);
            try (StateDict state = Checkpoints.open(file)) {
                Shown shown = new Shown(
                        file.toString(),
                        Files.size(file),
                        state.tensors().size(),
                        new TreeMap<>(state.metadata()),
                        hub.registry()
                                .find(model)
                                .map(entry -> Listed.of(hub, entry))
                                .orElse(null));
                output.console().result(shown, shown.text());
            }
            return ExitCode.DONE;
        }
    }

    /// @param bytes size of the new file
    private record Converted(String file, long bytes, int tensors) {}

    /// `terrachange models convert`.
    @Command(name = "convert", description = "Writes a checkpoint of any readable kind as safetensors, with its card.")
    static final class ConvertModel implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private SharedOptions.Output output;

        @Parameters(index = "0", paramLabel = "NAME|FILE", description = "A model by name, or a checkpoint.")
        private String model;

        @Parameters(index = "1", paramLabel = "OUT", description = "The file to write, .safetensors.")
        private Path target;

        @Option(
                names = "--numbers",
                paramLabel = "FORMAT",
                defaultValue = "f32",
                description = "How to store numbers: f32, or f16 for half the size (default: ${DEFAULT-VALUE}).")
        private String numbers;

        @Option(
                names = "--card",
                paramLabel = "KEY=TEXT",
                description = "A line to add to the card or to replace in it; repeatable.")
        private Map<String, String> lines = Map.of();

        @Override
        public Integer call() throws Exception {
            SafetensorsFile.FloatStorage storage = SharedOptions.checked(spec, this::storage);
            Path source = ModelHub.ofInstallation().resolve(model);
            try (StateDict state = Checkpoints.open(source)) {
                Map<String, String> card = new TreeMap<>(state.metadata());
                card.putAll(lines);
                SafetensorsFile.write(target, state.withMetadata(card), storage);
                Converted converted = new Converted(
                        target.toString(), Files.size(target), state.tensors().size());
                output.console()
                        .result(
                                converted,
                                String.format(
                                        Locale.ROOT,
                                        "%s: %,d tensors, %,d bytes",
                                        target,
                                        converted.tensors,
                                        converted.bytes));
            }
            return ExitCode.DONE;
        }

        private SafetensorsFile.FloatStorage storage() {
            return switch (numbers.toLowerCase(Locale.ROOT)) {
                case "f32" -> SafetensorsFile.FloatStorage.F32;
                case "f16" -> SafetensorsFile.FloatStorage.F16;
                default ->
                    throw new IllegalArgumentException("unknown number format \"" + numbers + "\": choose f32 or f16");
            };
        }
    }
}
