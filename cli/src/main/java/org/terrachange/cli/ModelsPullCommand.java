package org.terrachange.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.terrachange.hub.ModelEntry;
import org.terrachange.hub.ModelHub;
import org.terrachange.hub.ModelStatus;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.hub.download.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `terrachange models pull`.
@Command(
        name = "pull",
        description =
                "Downloads models, so that they are here when they are needed. A download that was broken off goes on"
                        + " where it was.")
final class ModelsPullCommand implements Callable<Integer> {
    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Hub hub;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Models by name (see: terrachange models list).")
    private List<String> names = List.of();

    @Option(
            names = "--accept-new",
            description =
                    "Accept a file that differs from the one that was downloaded first, for models whose publishers"
                            + " do not tell a SHA-256.")
    private boolean acceptNew;

    /// @param downloaded whether it was not here before
    private record Pulled(String name, String file, long bytes, boolean downloaded) {
        String text() {
            return name + ": " + file + " (" + Sizes.words(bytes) + (downloaded ? ")" : ", was here already)");
        }
    }

    /// The JSON document.
    private record Result(List<Pulled> models) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        ModelHub source = hub.open();
        List<ModelEntry> entries = new ArrayList<>();
        for (String name : names) {
            entries.add(source.named(name));
        }
        List<Pulled> pulled = new ArrayList<>();
        for (ModelEntry entry : entries) {
            boolean wasHere = source.status(entry) instanceof ModelStatus.Present;
            Optional<Sha256> before = source.content(entry);
            try (TransferProgress progress = new TransferProgress(console, entry.name())) {
                Path file = acceptNew ? source.renew(entry, progress) : source.obtain(entry, progress);
                boolean same = wasHere && before.equals(source.content(entry));
                pulled.add(new Pulled(entry.name(), file.toString(), Files.size(file), !same));
            }
        }
        console.result(
                new Result(pulled),
                pulled.stream().map(Pulled::text).collect(Collectors.joining(System.lineSeparator())));
        return ExitCode.DONE;
    }
}
