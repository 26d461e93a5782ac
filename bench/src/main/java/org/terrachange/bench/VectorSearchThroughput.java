package org.terrachange.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.terrachange.raster.Window;
import org.terrachange.search.index.ArchiveIndex;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.index.EmbeddedChange;
import org.terrachange.search.index.Hit;
import org.terrachange.search.index.ModelFingerprint;
import org.terrachange.search.index.SearchFilter;

/// Takes the time of building and searching the archive index on synthetic vectors of 512 numbers in clusters,
/// beside comparing everything and beside Lucene's graph over unquantised vectors, with the recall of the ten
/// nearest.
public final class VectorSearchThroughput {
    private static final int DIMENSION = 512;
    private static final int NEAREST = 10;
    private static final int QUERIES = 200;

    /// Asked before, and not counted: the virtual machine compiles, and the system reads the files.
    private static final int WARM_UP = 200;

    private static final int CLUSTERS = 2000;

    /// Length of what is added to a cluster's centre: cosines of about 0.6 within a cluster.
    private static final double SPREAD = 0.8;

    private static final int WINDOWS = 100;
    private static final ModelFingerprint MODEL = new ModelFingerprint("synthetic", "0".repeat(64), DIMENSION);

    private VectorSearchThroughput() {}

    /// @param arguments the number of vectors, 1,000,000 where it is left out, and a folder that keeps the indexes: one
    ///     that lies there already is searched and not built again
    public static void main(String[] arguments) throws IOException {
        int count = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        boolean kept = arguments.length > 1;
        Path folder = kept ? Path.of(arguments[1]) : Files.createTempDirectory("terrachange-vectors");
        try {
            Clusters clusters = new Clusters();
            System.out.println("| vectors | index | built in s | MB | filter | p50 ms | p99 ms | recall@10 |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            archive(folder.resolve("archive"), clusters, count);
            plain(folder.resolve("plain"), clusters, count);
        } finally {
            if (!kept) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /// Vectors by their number; the same ones each time, so that none need be kept.
    private static final class Clusters {
        private final float[][] centres = new float[CLUSTERS][];

        Clusters() {
            for (int i = 0; i < CLUSTERS; i++) {
                centres[i] = unit(noise(new SplittableRandom(-1 - i), 1));
            }
        }

        float[] vector(long number) {
            SplittableRandom random = new SplittableRandom(number);
            float[] centre = centres[random.nextInt(CLUSTERS)];
            float[] vector = noise(random, SPREAD / Math.sqrt(DIMENSION));
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] += centre[i];
            }
            return unit(vector);
        }

        private static float[] noise(SplittableRandom random, double deviation) {
            float[] vector = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] = (float) (deviation * random.nextGaussian());
            }
            return vector;
        }

        private static float[] unit(float[] vector) {
            double squares = 0;
            for (float value : vector) {
                squares += (double) value * value;
            }
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] /= (float) Math.sqrt(squares);
            }
            return vector;
        }

        /// Vectors of the same clusters that are in no index.
        float[] query(int number) {
            return vector(Long.MAX_VALUE - number);
        }
    }

    private static void archive(Path folder, Clusters clusters, int count) throws IOException {
        double built = Files.exists(folder) ? 0 : buildArchive(folder, clusters, count);
        long size = size(folder);
        searchArchive(folder, clusters, count, built, size);
    }

    /// @return seconds
    private static double buildArchive(Path folder, Clusters clusters, int count) throws IOException {
        long start = System.nanoTime();
        try (ArchiveIndex index = ArchiveIndex.open(folder, MODEL, List.of())) {
            for (int first = 0; first < count; first += WINDOWS) {
                String source = "pair-" + first / WINDOWS;
                List<EmbeddedChange> changes = new ArrayList<>();
                for (int i = first; i < Math.min(count, first + WINDOWS); i++) {
                    changes.add(new EmbeddedChange(change(source, i, count), clusters.vector(i)));
                }
                index.replace(source, "0", changes);
            }
            index.compact();
            index.commit();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void searchArchive(Path folder, Clusters clusters, int count, double built, long size)
            throws IOException {
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            for (double passing : new double[] {1, 0.1, 0.001}) {
                SearchFilter filter =
                        passing == 1 ? SearchFilter.NONE : SearchFilter.NONE.withMinChangedFraction(1 - passing);
                String label = passing == 1 ? "none" : String.format(Locale.ROOT, "%.1f %% pass", 100 * passing);
                for (int q = QUERIES; q < QUERIES + WARM_UP; q++) {
                    searcher.search(clusters.query(q), filter, NEAREST);
                }
                Answers exact = new Answers();
                Answers graph = new Answers();
                for (int q = 0; q < QUERIES; q++) {
                    float[] query = clusters.query(q);
                    // A tenth of the queries is enough for what is slow and does not vary.
                    if (q % 10 == 0) {
                        exact.ask(q, () -> numbers(searcher.searchExactly(query, filter, NEAREST)));
                    }
                    graph.ask(q, () -> numbers(searcher.search(query, filter, NEAREST)));
                }
                print(count, "archive, 7 bits, rescored", built, size, label, graph, graph.recall(exact));
                print(count, "every vector compared", 0, size, label, exact, 1);
            }
        }
    }

    /// Its changed fraction grows with a scrambled number, so that a share of the vectors that has nothing to
    /// do with their clusters passes a filter.
    private static ChangeRecord change(String source, int number, int count) {
        double fraction = Math.floorMod(number * 2_654_435_761L, count) / (double) count;
        return new ChangeRecord(
                Integer.toString(number),
                source,
                "before.tif",
                "after.tif",
                new Window(0, 0, 256, 256),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                fraction,
                OptionalDouble.empty(),
                Optional.empty(),
                List.of());
    }

    private static List<Integer> numbers(List<Hit> hits) {
        return hits.stream().map(hit -> Integer.valueOf(hit.change().id())).toList();
    }

    /// Lucene's own graph, as a program without this module would use it: with its settings, in as many segments as it
    /// leaves.
    private static void plain(Path folder, Clusters clusters, int count) throws IOException {
        double built = Files.exists(folder) ? 0 : buildPlain(folder, clusters, count);
        try (Directory directory = FSDirectory.open(folder);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            for (int q = QUERIES; q < QUERIES + WARM_UP; q++) {
                plain(searcher, clusters.query(q), NEAREST);
                plain(searcher, clusters.query(q), 20 * NEAREST);
            }
            Answers narrow = new Answers();
            Answers wide = new Answers();
            for (int q = 0; q < QUERIES; q++) {
                float[] query = clusters.query(q);
                narrow.ask(q, () -> plain(searcher, query, NEAREST));
                wide.ask(q, () -> plain(searcher, query, 20 * NEAREST));
            }
            Answers exact = new Answers();
            for (int q = 0; q < QUERIES; q += 10) {
                float[] query = clusters.query(q);
                exact.ask(q, () -> nearest(clusters, query, count));
            }
            print(count, "Lucene, 32 bits, k = 10", built, size(folder), "none", narrow, narrow.recall(exact));
            print(count, "Lucene, 32 bits, k = 200", built, size(folder), "none", wide, wide.recall(exact));
        }
    }

    /// @return seconds
    private static double buildPlain(Path folder, Clusters clusters, int count) throws IOException {
        long start = System.nanoTime();
        IndexWriterConfig settings = new IndexWriterConfig()
                .setRAMBufferSizeMB(64)
                .setCodec(new Lucene104Codec() {
                    private final KnnVectorsFormat vectors = new Lucene99HnswVectorsFormat();

                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return vectors;
                    }
                });
        try (Directory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, settings)) {
            for (int i = 0; i < count; i++) {
                Document document = new Document();
                document.add(new KnnFloatVectorField("v", clusters.vector(i), VectorSimilarityFunction.DOT_PRODUCT));
                document.add(new StoredField("n", i));
                writer.addDocument(document);
            }
            writer.commit();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static List<Integer> plain(IndexSearcher searcher, float[] query, int k) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (ScoreDoc hit : searcher.search(new KnnFloatVectorQuery("v", query, k), NEAREST).scoreDocs) {
            found.add(searcher.storedFields()
                    .document(hit.doc)
                    .getField("n")
                    .numericValue()
                    .intValue());
        }
        return found;
    }

    /// The answer without any index.
    private static List<Integer> nearest(Clusters clusters, float[] query, int count) {
        record Scored(int number, float score) {}
        List<Scored> best = new ArrayList<>();
        float least = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            float[] vector = clusters.vector(i);
            float score = 0;
            for (int d = 0; d < DIMENSION; d++) {
                score += query[d] * vector[d];
            }
            if (score > least) {
                best.add(new Scored(i, score));
                best.sort(Comparator.comparingDouble(s -> -s.score()));
                if (best.size() > NEAREST) {
                    best.removeLast();
                    least = best.getLast().score();
                }
            }
        }
        return best.stream().map(Scored::number).toList();
    }

    /// A search.
    private interface Search {
        List<Integer> run() throws IOException;
    }

    /// What was found for the queries, and how long it took.
    private static final class Answers {
        private final List<List<Integer>> found = new ArrayList<>();
        private final List<Double> milliseconds = new ArrayList<>();

        void ask(int query, Search search) throws IOException {
            while (found.size() < query) {
                found.add(List.of());
            }
            long start = System.nanoTime();
            found.add(search.run());
            milliseconds.add((System.nanoTime() - start) / 1e6);
        }

        double quantile(double share) {
            double[] sorted = milliseconds.stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
        }

        /// Share of the right answers that are among these, over the queries that have right answers.
        double recall(Answers right) {
            long hits = 0;
            long possible = 0;
            for (int q = 0; q < right.found.size(); q++) {
                hits += right.found.get(q).stream()
                        .filter(found.get(q)::contains)
                        .count();
                possible += right.found.get(q).size();
            }
            return (double) hits / possible;
        }
    }

    private static void print(
            int count, String index, double built, long size, String filter, Answers answers, double recall) {
        System.out.printf(
                Locale.ROOT,
                "| %,d | %s | %s | %,d | %s | %.2f | %.2f | %.3f |%n",
                count,
                index,
                built == 0 ? "-" : String.format(Locale.ROOT, "%.0f", built),
                size / 1_000_000,
                filter,
                answers.quantile(0.5),
                answers.quantile(0.99),
                recall);
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
