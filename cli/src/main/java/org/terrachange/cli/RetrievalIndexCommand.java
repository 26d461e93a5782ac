package org.terrachange.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.search.archive.ArchiveIndexer;
import org.terrachange.search.index.ArchiveIndex;
import org.terrachange.search.model.SearchModel;
import org.terrachange.search.query.ArchiveSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `terrachange retrieval index`: an archive of pairs made searchable.
@Command(
        name = "index",
        description = "Makes an archive of image pairs searchable by text, or brings its index up to date.",
        footer = {
            "",
            "ARCHIVE is a folder of pairs (A and B, before and after, x_before.tif beside x_after.tif, ...), a table (.csv,"
                    + " .tsv, .parquet, .geoparquet) with the columns before and after, a STAC item collection (.json) with"
                    + " assets of these names, or captioned pairs as retrieval prepare writes them (.h5).",
            "",
            "Pairs that the index has already are passed over. Run the same command again after an interruption: it goes"
                    + " on where it was."
        })
final class RetrievalIndexCommand implements Callable<Integer> {
    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Model detector;

    @Mixin
    private SearchModelOption search;

    @Mixin
    private SharedOptions.Compute compute;

    @Parameters(paramLabel = "ARCHIVE", arity = "1..*", description = "What to index.")
    private List<Path> archives;

    @Option(
            names = "--index",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the index; made where it does not exist.")
    private Path index;

    @Option(
            names = "--prune",
            description = "Remove from the index the pairs that ARCHIVE no longer names; with one ARCHIVE only.")
    private boolean prune;

    @Option(names = "--compact", description = "Bring the index into the form in which searches are fastest.")
    private boolean compact;

    /// The JSON document.
    private record Indexed(
            String index, String model, long added, long windows, long present, long removed, long failed) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        long added = 0;
        long windows = 0;
        long present = 0;
        long removed = 0;
        long failed = 0;
        try (SearchModelOption.Loaded loaded = search.load(detector.hub(), compute, console);
                ChangeDetector found = detector.load(compute, console);
                ArchiveIndex writer =
                        ArchiveIndex.open(index, loaded.fingerprint(), ArchiveSearch.unrelated(loaded.model()))) {
            SearchModel model = loaded.model();
            ArchiveIndexer indexer = new ArchiveIndexer(writer, model, found);
            for (Path archive : archives) {
                try (Progress progress = console.progress("index")) {
                    // Whole paths: a server that shows the images runs in a folder of its own.
                    ArchiveIndexer.Outcome outcome = indexer.run(
                            Catalogue.open(archive.toAbsolutePath().normalize()),
                            prune && archives.size() == 1,
                            new IndexingProgress(console, progress));
                    added += outcome.added();
                    windows += outcome.windows();
                    present += outcome.present();
                    removed += outcome.removed();
                    failed += outcome.failed();
                }
            }
            if (compact) {
                writer.compact();
                writer.commit();
            }
            console.result(
                    new Indexed(index.toString(), model.card().name(), added, windows, present, removed, failed),
                    String.format(
                            Locale.ROOT,
                            "%s: %,d pairs added with %,d windows, %,d there already, %,d removed, %,d could not be read",
                            index,
                            added,
                            windows,
                            present,
                            removed,
                            failed));
        }
        return failed > 0 ? ExitCode.FAILURE : ExitCode.DONE;
    }
}
