package org.terrachange.search.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.geojson.GeoJsonWriter;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.data.retrieval.SampleAddress;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.raster.Window;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.index.EmbeddedChange;
import org.terrachange.search.model.SearchModel;

/// Makes of a pair of a catalogue what an index keeps of it.
public final class EntryEmbedder {
    /// Decimals of outlines: a centimetre on the ground.
    private static final int DECIMALS = 7;

    private final SearchModel model;
    private final ChangeDetector detector;
    private @Nullable String fingerprint;

    public EntryEmbedder(SearchModel model, ChangeDetector detector) {
        this.model = model;
        this.detector = detector;
    }

    /// The windows of a pair with their vectors.
    ///
    /// @param progress hears the share that is done, 0 to 1
    /// @throws IOException if an image cannot be read, or the two have no common grid
    /// @throws InterruptedException if the calling thread is interrupted
    public List<EmbeddedChange> changes(PairEntry entry, DoubleConsumer progress)
            throws IOException, InterruptedException {
        try (ScenePair pair = ArchiveImages.open(
                entry.before(), entry.after(), detector.card().gsdRange())) {
            List<EmbeddedWindow> embedded = new PairEmbedding(model, detector).windows(pair, progress);
            List<EmbeddedChange> changes = new ArrayList<>();
            for (EmbeddedWindow window : embedded) {
                changes.add(new EmbeddedChange(record(entry, window, embedded.size() == 1), window.embedding()));
            }
            return changes;
        }
    }

    /// @param whole whether the window is all that there is of the pair: only then are its captions about the
    ///     window
    private static ChangeRecord record(PairEntry entry, EmbeddedWindow embedded, boolean whole) {
        Window window = embedded.window();
        Optional<Geometry> footprint = embedded.footprint().or(entry::footprint);
        return new ChangeRecord(
                whole ? entry.id() : entry.id() + "@" + window.x() + "," + window.y(),
                entry.id(),
                entry.before(),
                entry.after(),
                window,
                footprint,
                entry.beforeDate().map(EntryEmbedder::day),
                entry.afterDate().map(EntryEmbedder::day),
                embedded.changedFraction(),
                embedded.changedArea(),
                embedded.outlines().isEmpty() ? Optional.empty() : Optional.of(geoJson(embedded.outlines())),
                whole ? entry.captions() : List.of());
    }

    private static LocalDate day(String date) {
        return LocalDate.parse(date.substring(0, 10));
    }

    private static String geoJson(Geometry outlines) {
        GeoJsonWriter writer = new GeoJsonWriter(DECIMALS);
        writer.setEncodeCRS(false);
        return writer.write(outlines);
    }

    /// Changes with everything that a record depends on beside the search model: what [#stampOf] covers, and the
    /// detector.
    public String stamp(PairEntry entry) throws IOException {
        String known = fingerprint;
        if (known == null) {
            known = detector.fingerprint();
            fingerprint = known;
        }
        return String.join("|", stampOf(entry), known);
    }

    /// Changes with the images, as far as they are files, and with what the catalogue says of them.
    public static String stampOf(PairEntry entry) throws IOException {
        return String.join(
                "|",
                content(entry.before()),
                content(entry.after()),
                entry.beforeDate().orElse(""),
                entry.afterDate().orElse(""),
                entry.footprint().map(Geometry::toText).orElse(""),
                String.join("/", entry.captions()));
    }

    private static String content(String image) throws IOException {
        Path file = SampleAddress.parse(image).map(SampleAddress::file).orElseGet(() -> Path.of(image));
        return Files.isRegularFile(file)
                ? image + ":" + Files.size(file) + ":"
                        + Files.getLastModifiedTime(file).toMillis()
                : image;
    }
}
