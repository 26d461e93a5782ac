package org.terrachange.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `terrachange models convert`.
@Command(name = "convert", description = "Writes a checkpoint of any readable kind as safetensors, with its card.")
final class ModelsConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Hub hub;

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

    /// @param bytes size of the new file
    private record Converted(String file, long bytes, int tensors) {}

    @Override
    public Integer call() throws Exception {
        SafetensorsFile.FloatStorage storage = SharedOptions.checked(spec, this::storage);
        Path source = hub.resolve(model, output.console());
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
