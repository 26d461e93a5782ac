package org.terrachange.search.index;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.jspecify.annotations.Nullable;

/// The folder of an index: its format, what its commits say, and what its failures mean.
final class IndexFolder {
    private static final String FORMAT = "format";
    private static final String FORMAT_NAME = "terrachange-archive-1";
    private static final String REFERENCE = "score.reference";

    /// Neighbours of a vector in the graph, and candidates for them. 24 and 150 took five times the time to
    /// build for a recall that more candidates of a query give as well.
    private static final int NEIGHBOURS = 16;

    private static final int CANDIDATES = 100;

    /// Threads that join the graphs of segments: of a large archive, that is most of the work.
    private static final int MERGERS = Runtime.getRuntime().availableProcessors();

    private static final int IDLE_SECONDS = 10;

    private IndexFolder() {}

    static Analyzer analyzer() {
        return new EnglishAnalyzer();
    }

    /// Vectors take a byte a number in the graph, of which seven bits count: products of such fit the widest
    /// instructions. They keep their full precision beside it.
    static Codec codec() {
        KnnVectorsFormat vectors = MERGERS == 1
                ? new Lucene104HnswScalarQuantizedVectorsFormat(ScalarEncoding.SEVEN_BIT, NEIGHBOURS, CANDIDATES)
                : new Lucene104HnswScalarQuantizedVectorsFormat(
                        ScalarEncoding.SEVEN_BIT, NEIGHBOURS, CANDIDATES, MERGERS, mergers());
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return vectors;
            }
        };
    }

    /// Threads that end when they are not needed, and never keep a program from ending.
    private static ExecutorService mergers() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MERGERS,
                MERGERS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("index-merger-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    static Map<String, String> metadata(ModelFingerprint model, @Nullable ScoreReference reference) {
        Map<String, String> metadata = new HashMap<>(model.toMetadata());
        metadata.put(FORMAT, FORMAT_NAME);
        if (reference != null) {
            metadata.put(REFERENCE, reference.toMetadata());
        }
        return metadata;
    }

    static Optional<ScoreReference> reference(Path folder, Map<String, String> metadata) throws IndexException {
        String text = metadata.get(REFERENCE);
        try {
            return text == null ? Optional.empty() : Optional.of(ScoreReference.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IndexException(folder, "its score reference is damaged: " + e.getMessage(), e);
        }
    }

    /// Opens the folder of an index that may not be there yet.
    ///
    /// @throws IndexException if the folder holds something else
    static Directory openOrCreate(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IndexException(folder, "is a file, and an index is a folder");
        }
        Files.createDirectories(folder);
        Directory directory = FSDirectory.open(folder);
        try {
            if (!holdsIndex(directory) && !isEmpty(folder)) {
                throw new IndexException(
                        folder,
                        ShardedArchive.of(folder).isPresent()
                                ? "is an archive in shards: bring it up to date with terrachange batch embed"
                                : "holds files but no index: name an empty or a new folder");
            }
            return directory;
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    /// Opens the folder of an index that is there.
    ///
    /// @throws IndexException if there is none
    static Directory openExisting(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IndexException(folder, "there is no such index: build one by retrieval index");
        }
        Directory directory = FSDirectory.open(folder);
        try {
            if (!holdsIndex(directory)) {
                throw new IndexException(folder, "holds no index: build one by retrieval index");
            }
            return directory;
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    static boolean holdsIndex(Directory directory) throws IOException {
        return SegmentInfos.getLastCommitSegmentsFileName(directory) != null;
    }

    /// Whether nothing lies there but what the first moment of an index leaves when it is killed: its lock, and a
    /// commit that was not finished.
    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .allMatch(name -> name.equals(IndexWriter.WRITE_LOCK_NAME) || name.startsWith("pending_segments_"));
        }
    }

    /// The model of the newest commit.
    ///
    /// @throws IndexException if the index is not one of this program
    static ModelFingerprint model(Path folder, Map<String, String> metadata) throws IndexException {
        if (!FORMAT_NAME.equals(metadata.get(FORMAT))) {
            throw new IndexException(
                    folder,
                    metadata.containsKey(FORMAT)
                            ? "is an index of the format " + metadata.get(FORMAT) + ", this program reads "
                                    + FORMAT_NAME
                            : "is an index of another program");
        }
        return ModelFingerprint.of(metadata)
                .orElseThrow(() -> new IndexException(folder, "does not say which model its vectors are of"));
    }

    /// @throws IndexException if the models differ
    static void requireModel(Path folder, ModelFingerprint held, ModelFingerprint asked) throws IndexException {
        if (!held.sha256().equals(asked.sha256()) || held.dimension() != asked.dimension()) {
            throw new IndexException(
                    folder,
                    "holds vectors of the model " + held + ", not of " + asked
                            + ": use that model, or build an index of its own in another folder");
        }
    }

    /// What a failure of Lucene means to the person who named the folder.
    static IOException explained(Path folder, Exception e) {
        return switch (e) {
            case IndexException known -> known;
            case LockObtainFailedException _ ->
                new IndexException(folder, "another process is writing this index: wait until it has ended", e);
            case IndexFormatTooNewException _, IndexFormatTooOldException _ ->
                new IndexException(folder, "was written by another version of this program: build it again", e);
            case CorruptIndexException _,
                    EOFException _,
                    NoSuchFileException _,
                    FileNotFoundException _,
                    NotDirectoryException _,
                    RuntimeException _ ->
                new IndexException(folder, "is damaged, build it again (" + e.getMessage() + ")", e);
            case IOException other -> other;
            default -> throw new IllegalArgumentException(e);
        };
    }
}
