package org.terrachange.search.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;

/// Writes an index of changes. One process writes at a time; others may search meanwhile, and see what was
/// committed when they opened it.
///
/// What was not committed is given up when the index is closed or its process killed. A source is in the index
/// with all of its windows or with none, at every moment. Vectors are kept on disk; memory holds those that
/// were added last, up to an eighth of the heap and 256 MiB.
public final class ArchiveIndex implements AutoCloseable {
    /// What is gathered before it becomes a segment. Fewer segments are fewer graphs to join.
    private static final double BUFFER_MEBIBYTES =
            Math.clamp(Runtime.getRuntime().maxMemory() / 8 >> 20, 32, 256);

    private final Path folder;
    private final ModelFingerprint model;
    private final List<float[]> unrelated;
    private final Directory directory;
    private final IndexWriter writer;
    private DirectoryReader committed;

    /// Stamps of the sources that were replaced since `committed`; empty for deleted ones.
    private final Map<String, Optional<String>> pending = new HashMap<>();

    private ArchiveIndex(
            Path folder,
            ModelFingerprint model,
            List<float[]> unrelated,
            Directory directory,
            IndexWriter writer,
            DirectoryReader committed) {
        this.folder = folder;
        this.model = model;
        this.unrelated = unrelated;
        this.directory = directory;
        this.writer = writer;
        this.committed = committed;
    }

    /// Opens an index, or begins a new one where the folder is empty or not there yet.
    ///
    /// @param model that makes the vectors
    /// @param unrelated vectors of texts that have nothing to do with what the archive shows, of any length;
    ///     each commit measures what cosines they have with the vectors of the index. May be empty: then there
    ///     is no [ArchiveSearcher#reference]
    /// @throws IndexException if the folder holds something else, an index of another model, a damaged one, or
    ///     one that another process is writing
    public static ArchiveIndex open(Path folder, ModelFingerprint model, List<float[]> unrelated) throws IOException {
        List<float[]> directions = unrelated.stream()
                .map(vector -> UnitVectors.of(vector, model.dimension()))
                .toList();
        Directory directory = IndexFolder.openOrCreate(folder);
        IndexWriter writer = null;
        try {
            if (IndexFolder.holdsIndex(directory)) {
                try (DirectoryReader present = DirectoryReader.open(directory)) {
                    IndexFolder.requireModel(
                            folder,
                            IndexFolder.model(folder, present.getIndexCommit().getUserData()),
                            model);
                }
            }
            writer = new IndexWriter(directory, settings());
            if (!IndexFolder.holdsIndex(directory)) {
                writer.setLiveCommitData(IndexFolder.metadata(model, null).entrySet());
                writer.commit();
            }
            return new ArchiveIndex(folder, model, directions, directory, writer, DirectoryReader.open(directory));
        } catch (IOException | RuntimeException e) {
            if (writer != null) {
                writer.rollback();
            }
            directory.close();
            throw IndexFolder.explained(folder, e);
        }
    }

    private static IndexWriterConfig settings() {
        return new IndexWriterConfig(IndexFolder.analyzer())
                .setCodec(IndexFolder.codec())
                .setOpenMode(IndexWriterConfig.OpenMode.CREATE_OR_APPEND)
                .setRAMBufferSizeMB(BUFFER_MEBIBYTES)
                .setCommitOnClose(false);
    }

    /// The stamp with which a source was added last, committed or not; empty where the index does not have it. A
    /// source whose stamp is still right need not be embedded again.
    public Optional<String> stamp(String source) throws IOException {
        Optional<String> recent = pending.get(source);
        if (recent != null) {
            return recent;
        }
        IndexSearcher searcher = new IndexSearcher(committed);
        TopDocs found = searcher.search(ChangeDocument.sourceQuery(source), 1);
        return found.scoreDocs.length == 0
                ? Optional.empty()
                : Optional.ofNullable(
                        searcher.storedFields().document(found.scoreDocs[0].doc).get(ChangeDocument.STAMP));
    }

    /// The names of all sources, committed or not.
    public Set<String> sources() throws IOException {
        Set<String> names = new TreeSet<>();
        IndexSearcher searcher = new IndexSearcher(committed);
        int count = searcher.count(ChangeDocument.sources());
        if (count > 0) {
            StoredFields stored = searcher.storedFields();
            for (ScoreDoc found : searcher.search(ChangeDocument.sources(), count).scoreDocs) {
                names.add(stored.document(found.doc, Set.of(ChangeDocument.SOURCE))
                        .get(ChangeDocument.SOURCE));
            }
        }
        pending.forEach((source, stamp) -> {
            if (stamp.isPresent()) {
                names.add(source);
            } else {
                names.remove(source);
            }
        });
        return names;
    }

    /// Adds a source with all of its windows, in place of what the index has of it.
    ///
    /// @param source such as the pair's name
    /// @param stamp that changes with the content of the pair, such as sizes and times of its files
    /// @param changes its windows, each with its own id and this source; may be empty
    /// @throws IllegalArgumentException if a change is of another source, an id comes twice, or a vector has
    ///     another dimension than the model's
    public void replace(String source, String stamp, List<EmbeddedChange> changes) throws IOException {
        ChangeRecord.requireKey("source", source);
        List<Document> documents = new ArrayList<>(changes.size() + 1);
        documents.add(ChangeDocument.ofSource(source, stamp));
        Set<String> ids = new HashSet<>();
        for (EmbeddedChange embedded : changes) {
            ChangeRecord change = embedded.change();
            if (!change.source().equals(source)) {
                throw new IllegalArgumentException(
                        change.id() + " is of the source " + change.source() + ", not of " + source);
            }
            if (!ids.add(change.id())) {
                throw new IllegalArgumentException(source + " has the id " + change.id() + " twice");
            }
            if (embedded.embedding().length != model.dimension()) {
                throw new IllegalArgumentException(change.id() + ": its vector has " + embedded.embedding().length
                        + " numbers, those of the model " + model.name() + " have " + model.dimension());
            }
            documents.add(ChangeDocument.of(embedded));
        }
        writer.updateDocuments(new Term(ChangeDocument.SOURCE, source), documents);
        pending.put(source, Optional.of(stamp));
    }

    /// Removes a source with all of its windows; one that is not there is no error.
    public void delete(String source) throws IOException {
        writer.deleteDocuments(new Term(ChangeDocument.SOURCE, source));
        pending.put(source, Optional.empty());
    }

    /// Puts everything so far on disk, where searchers find it and no crash takes it away.
    public void commit() throws IOException {
        Optional<ScoreReference> reference;
        try (DirectoryReader present = DirectoryReader.open(writer)) {
            List<float[]> sample = unrelated.isEmpty() ? List.of() : VectorSample.of(present, model.dimension());
            reference = sample.isEmpty() ? Optional.empty() : Optional.of(ScoreReference.of(unrelated, sample));
        }
        writer.setLiveCommitData(
                IndexFolder.metadata(model, reference.orElse(null)).entrySet());
        writer.commit();
        DirectoryReader newer = DirectoryReader.openIfChanged(committed);
        if (newer != null) {
            committed.close();
            committed = newer;
        }
        pending.clear();
    }

    /// Brings the index into one segment, in which a search is fastest. Takes about as long as all that was
    /// added took.
    public void compact() throws IOException {
        writer.forceMerge(1);
    }

    /// The folder of the index.
    public Path folder() {
        return folder;
    }

    /// Ends the writing and gives up what was not committed.
    @Override
    public void close() throws IOException {
        DirectoryReader last = committed;
        try (directory;
                last) {
            writer.rollback();
        }
    }
}
