package org.terrachange.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.synthetic.ChangeAmount;
import org.terrachange.data.synthetic.Scene;
import org.terrachange.data.synthetic.SceneSpec;
import org.terrachange.data.synthetic.SceneStyle;
import org.terrachange.data.synthetic.SyntheticPairWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `terrachange synthesize`: a made-up pair with its exact truth.
@Command(
        name = "synthesize",
        description = "Makes a pair of synthetic overhead images with the exact truth of what changed.",
        footer = {"", "Writes before.tif, after.tif, mask.tif, changes.geojson and captions.json into DIR."})
final class SynthesizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "DIR",
            description = "Folder for the files; created if needed.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Equal seeds and options give equal files (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--size",
            paramLabel = "PX",
            defaultValue = "1024",
            description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--gsd",
            paramLabel = "M",
            defaultValue = "0.5",
            description = "Metres a pixel (default: ${DEFAULT-VALUE}).")
    private double gsd;

    @Option(
            names = "--style",
            paramLabel = "NAME",
            description = "Character of the land: ${COMPLETION-CANDIDATES} (default: chosen by the seed).")
    private @Nullable SceneStyle style;

    @Option(
            names = "--changes",
            paramLabel = "AMOUNT",
            defaultValue = "MODERATE",
            description = "How much is built or removed: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private ChangeAmount changes;

    /// The JSON document.
    private record Made(
            String folder, List<String> files, long seed, int width, int height, double gsd, String style) {}

    @Override
    public Integer call() throws Exception {
        SceneSpec scene = SharedOptions.checked(spec, () -> {
            SceneSpec plain =
                    SceneSpec.of(seed, size, size).withMetresPerPixel(gsd).withChanges(changes);
            return style == null ? plain : plain.withStyle(style);
        });
        SyntheticPairWriter.write(Scene.of(scene), out);
        Made made = new Made(
                out.toString(),
                List.of("before.tif", "after.tif", "mask.tif", "changes.geojson", "captions.json"),
                seed,
                size,
                size,
                gsd,
                scene.style().name().toLowerCase(Locale.ROOT));
        output.console().result(made, "wrote " + String.join(", ", made.files()) + " to " + out);
        return ExitCode.DONE;
    }
}
