package org.terrachange.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.terrachange.hub.ModelHub;
import org.terrachange.hub.cache.Pruned;
import org.terrachange.hub.download.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `terrachange models prune`.
@Command(
        name = "prune",
        description =
                "Deletes what nobody needs among the downloaded files: those of no known model, and downloads that"
                        + " were broken off a week ago.")
final class ModelsPruneCommand implements Callable<Integer> {
    @Mixin
    private SharedOptions.Output output;

    @Option(names = "--dry-run", description = "Say what would be deleted, and delete nothing.")
    private boolean dryRun;

    private record Item(String path, long bytes, String reason) {
        static Item of(Pruned pruned) {
            return new Item(pruned.path().toString(), pruned.bytes(), pruned.reason());
        }

        String text() {
            return path + ": " + reason + ", " + Sizes.words(bytes);
        }
    }

    /// The JSON document.
    private record Result(boolean deleted, long bytes, List<Item> items) {
        String text() {
            String total = (deleted ? "deleted " : "would delete ") + Sizes.words(bytes);
            return items.isEmpty()
                    ? "nothing to delete"
                    : items.stream().map(Item::text).collect(Collectors.joining(System.lineSeparator()))
                            + System.lineSeparator()
                            + total;
        }
    }

    @Override
    public Integer call() throws Exception {
        List<Item> items =
                ModelHub.ofInstallation().prune(!dryRun).stream().map(Item::of).toList();
        Result result =
                new Result(!dryRun, items.stream().mapToLong(Item::bytes).sum(), items);
        output.console().result(result, result.text());
        return ExitCode.DONE;
    }
}
