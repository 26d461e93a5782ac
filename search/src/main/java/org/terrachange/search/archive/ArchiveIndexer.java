package org.terrachange.search.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.search.index.ArchiveIndex;
import org.terrachange.search.index.EmbeddedChange;
import org.terrachange.search.model.SearchModel;

/// Brings an index up to date with a catalogue: pairs that are new or have changed are embedded, those that the
/// index has are passed over, and on request those that the catalogue no longer has are removed.
///
/// What is done is committed every ten seconds: killed at any moment, the next run goes on from there. A pair
/// that cannot be read is reported and left out; the others go on.
public final class ArchiveIndexer {
    private static final long COMMIT_NANOS = 10_000_000_000L;

    private final ArchiveIndex index;
    private final EntryEmbedder embedder;

    /// The pairs of all catalogues so far, by the names that the index tells them apart by.
    private final Set<String> seen = new HashSet<>();

    /// Hears how it goes.
    public interface Listener {
        /// @param pairs done of all, the present one by its share
        void progress(double pairs, long of, String pair);

        /// A pair that could not be read and is left out.
        void failed(String pair, String reason);
    }

    /// What a run did.
    ///
    /// @param added pairs that were embedded
    /// @param windows their windows
    /// @param present pairs that the index had already
    /// @param removed pairs that the catalogue no longer has
    /// @param failed pairs that could not be read
    public record Outcome(long added, long windows, long present, long removed, long failed) {}

    /// @param index of the vectors of `model`
    public ArchiveIndexer(ArchiveIndex index, SearchModel model, ChangeDetector detector) {
        this.index = index;
        embedder = new EntryEmbedder(model, detector);
    }

    /// Brings the index up to date with one catalogue, beside those before. A pair of a name that there was before is
    /// reported as one that cannot be indexed: it would take the other's place.
    ///
    /// @param prune whether to remove pairs that no catalogue so far has
    public Outcome run(Catalogue catalogue, boolean prune, Listener listener) throws IOException, InterruptedException {
        Run run = new Run(catalogue.count(), listener);
        catalogue.forEach(run::take);
        if (prune) {
            run.prune();
        }
        index.commit();
        return new Outcome(run.added, run.windows, run.present, run.removed, run.failed);
    }

    private final class Run {
        private final long all;
        private final Listener listener;
        private long done;
        private long added;
        private long windows;
        private long present;
        private long removed;
        private long failed;
        private long committed = System.nanoTime();

        Run(long all, Listener listener) {
            this.all = all;
            this.listener = listener;
        }

        void take(PairEntry entry) throws IOException, InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            listener.progress(done, all, entry.id());
            String stamp = embedder.stamp(entry);
            if (!seen.add(entry.id())) {
                failed(
                        entry,
                        new IOException("another pair of this run has the same name; index a folder above both, which"
                                + " makes the names differ, or use one index for each"));
            } else if (index.stamp(entry.id()).filter(stamp::equals).isPresent()) {
                present++;
            } else {
                Optional<List<EmbeddedChange>> changes = readable(entry);
                if (changes.isPresent()) {
                    index.replace(entry.id(), stamp, changes.get());
                    added++;
                    windows += changes.get().size();
                }
            }
            done++;
            listener.progress(done, all, entry.id());
            if (System.nanoTime() - committed > COMMIT_NANOS) {
                index.commit();
                committed = System.nanoTime();
            }
        }

        /// Absent where the pair cannot be read, which is said and does not end the run.
        private Optional<List<EmbeddedChange>> readable(PairEntry entry) throws InterruptedException {
            try {
                return Optional.of(embedder.changes(entry, share -> listener.progress(done + share, all, entry.id())));
            } catch (UncheckedIOException e) {
                return failed(entry, Objects.requireNonNull(e.getCause()));
            } catch (IOException | IllegalArgumentException e) {
                return failed(entry, e);
            }
        }

        private Optional<List<EmbeddedChange>> failed(PairEntry entry, Exception reason) {
            failed++;
            listener.failed(entry.id(), String.valueOf(reason.getMessage()));
            return Optional.empty();
        }

        void prune() throws IOException {
            for (String source : index.sources()) {
                if (!seen.contains(source)) {
                    index.delete(source);
                    removed++;
                }
            }
        }
    }
}
