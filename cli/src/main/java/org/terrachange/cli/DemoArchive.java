package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.data.synthetic.ChangeAmount;
import org.terrachange.data.synthetic.Scene;
import org.terrachange.data.synthetic.SceneSpec;
import org.terrachange.data.synthetic.SceneStyle;
import org.terrachange.data.synthetic.SyntheticPairWriter;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.raster.AtomicFile;
import org.terrachange.search.archive.ArchiveIndexer;
import org.terrachange.search.index.ArchiveIndex;
import org.terrachange.search.query.ArchiveSearch;

/// A small archive of synthetic pairs, each as large as one window of a search, and its index: what there is to
/// search in a demonstration.
final class DemoArchive {
    /// Pixels of 0.5 m: the 128 m that the bundled search model was trained on.
    private static final int SIDE = 256;

    private static final int PAIRS = 24;
    private static final long FIRST_SEED = 100;
    private static final List<SceneStyle> STYLES =
            List.of(SceneStyle.SUBURB, SceneStyle.RURAL, SceneStyle.INDUSTRIAL, SceneStyle.MIXED);
    private static final List<ChangeAmount> CHANGES =
            List.of(ChangeAmount.EXTENSIVE, ChangeAmount.MODERATE, ChangeAmount.EXTENSIVE, ChangeAmount.NONE);

    private final Path folder;

    /// @param folder for pairs and index; created if needed
    DemoArchive(Path folder) {
        this.folder = folder;
    }

    /// Where the index is.
    Path index() {
        return folder.resolve("index");
    }

    /// Makes what is missing of the pairs.
    void draw(Console console) throws IOException, InterruptedException {
        try (Progress progress = console.progress("draw pairs")) {
            for (int i = 0; i < PAIRS; i++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Path pair = folder.resolve("pairs").resolve(name(i));
                // This file is written last, so a folder that has it has the whole pair.
                if (Files.notExists(pair.resolve("captions.json"))) {
                    SyntheticPairWriter.write(Scene.of(spec(i)), pair);
                }
                progress.at(i + 1, PAIRS);
            }
        }
        AtomicFile.write(catalogue(), file -> Files.write(file, rows()));
    }

    private static SceneSpec spec(int pair) {
        return SceneSpec.of(FIRST_SEED + pair, SIDE, SIDE)
                .withStyle(STYLES.get(pair % STYLES.size()))
                .withChanges(CHANGES.get(pair / STYLES.size() % CHANGES.size()));
    }

    private Path catalogue() {
        return folder.resolve("pairs.csv");
    }

    /// A catalogue with dates, so that there is something to filter by.
    private static List<String> rows() {
        List<String> rows = new ArrayList<>(List.of("id,before,after,before_date,after_date"));
        for (int i = 0; i < PAIRS; i++) {
            int year = 2012 + i % 8;
            rows.add("%1$s,pairs/%1$s/before.tif,pairs/%1$s/after.tif,%2$d-05-14,%3$d-06-02"
                    .formatted(name(i), year, year + 2 + i % 4));
        }
        return rows;
    }

    private static String name(int pair) {
        return "%s-%02d".formatted(STYLES.get(pair % STYLES.size()).name().toLowerCase(Locale.ROOT), pair + 1);
    }

    /// Brings the index up to date with the pairs.
    void index(SearchModelOption.Loaded search, ChangeDetector detector, Console console)
            throws IOException, InterruptedException {
        try (Progress progress = console.progress("index");
                ArchiveIndex writer =
                        ArchiveIndex.open(index(), search.fingerprint(), ArchiveSearch.unrelated(search.model()))) {
            new ArchiveIndexer(writer, search.model(), detector)
                    .run(Catalogue.open(catalogue()), true, new IndexingProgress(console, progress));
        }
    }
}
