package org.terrachange.search.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FullPrecisionFloatVectorSimilarityValuesSource;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.QueryBuilder;

/// Searches an index, or the shards of an archive as one index, as they were when they were opened. Safe for use by
/// several threads at once.
///
/// The graph (HNSW, Malkov and Yashunin 2018) is walked over vectors of 8 bits a number; the candidates that it
/// gives are compared once more in full precision, so that scores are exact and only the choice of candidates
/// is approximate. Filters are applied while the graph is walked: where few records pass, all of them are
/// compared.
public final class ArchiveSearcher implements AutoCloseable {
    /// Most hits of one search.
    public static final int MOST = 10_000;

    /// The graph gives this many times the hits that are asked for, and no fewer than [#LEAST_CANDIDATES].
    private static final int OVERSAMPLING = 4;

    private static final int LEAST_CANDIDATES = 200;

    /// Where a filter leaves no more changes than this, to compare them all is quicker than a walk through the
    /// graph past all those that it keeps out: of a million vectors, 1,000 took 0.4 ms so and 13 ms by the graph,
    /// 100,000 took 52 ms so and 13 ms by the graph.
    private static final int COMPARED_AT_MOST = 10_000;

    /// The constant of reciprocal rank fusion (Cormack et al. 2009).
    private static final int FUSION = 60;

    private final Path folder;
    private final OpenShards shards;
    private final IndexReader reader;
    private final IndexSearcher searcher;
    private final ModelFingerprint model;
    private final Optional<ScoreReference> reference;
    private final Analyzer analyzer = IndexFolder.analyzer();

    private ArchiveSearcher(Path folder, OpenShards shards, Optional<ScoreReference> reference) {
        this.folder = folder;
        this.shards = shards;
        this.reference = reference;
        reader = shards.reader();
        model = shards.model();
        searcher = new IndexSearcher(reader);
    }

    /// Opens the newest commit of an index, or all shards of an archive as one.
    ///
    /// @throws IndexException if there is no index, or a damaged one
    public static ArchiveSearcher open(Path folder) throws IOException {
        Optional<ShardedArchive> archive = ShardedArchive.of(folder);
        OpenShards shards = OpenShards.of(archive.map(ShardedArchive::shards).orElse(List.of(folder)));
        try {
            return new ArchiveSearcher(
                    folder,
                    shards,
                    archive.isPresent() ? archive.get().reference() : IndexFolder.reference(folder, shards.metadata()));
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /// [#open(Path)] for queries of a model.
    ///
    /// @throws IndexException also if the index is of another model
    public static ArchiveSearcher open(Path folder, ModelFingerprint model) throws IOException {
        ArchiveSearcher searcher = open(folder);
        try {
            IndexFolder.requireModel(folder, searcher.model, model);
            return searcher;
        } catch (IndexException e) {
            searcher.close();
            throw e;
        }
    }

    /// The folder of the index.
    public Path folder() {
        return folder;
    }

    /// Which model embeds queries for this index.
    public ModelFingerprint model() {
        return model;
    }

    /// The number of changes.
    public int changes() throws IOException {
        return searcher.count(ChangeDocument.changes());
    }

    /// The number of sources, those without changes too.
    public int sources() throws IOException {
        return searcher.count(ChangeDocument.sources());
    }

    /// What cosines unrelated texts have with changes of this index; empty where none were given when it was
    /// written.
    public Optional<ScoreReference> reference() {
        return reference;
    }

    /// What cosines one query has with changes chosen without regard to it: how far its best hit stands above
    /// these says more than the hit's own score.
    ///
    /// @return empty where the index has no changes
    public Optional<ScoreReference> background(float[] query) throws IOException {
        List<float[]> sample = VectorSample.of(reader, model.dimension());
        return sample.isEmpty()
                ? Optional.empty()
                : Optional.of(ScoreReference.of(List.of(UnitVectors.of(query, model.dimension())), sample));
    }

    /// The changes most like a vector, the best first.
    ///
    /// @param query of any length but 0: a text's, a change's, or a combination such as one minus a part of
    ///     another
    /// @param count most hits, 1 to [#MOST]
    public List<Hit> search(float[] query, SearchFilter filter, int count) throws IOException {
        float[] unit = UnitVectors.of(query, model.dimension());
        return hits(nearest(unit, ChangeDocument.query(filter), requireCount(count)), unit);
    }

    /// [#search] without the graph: every change that passes the filter is compared.
    public List<Hit> searchExactly(float[] query, SearchFilter filter, int count) throws IOException {
        float[] unit = UnitVectors.of(query, model.dimension());
        return hits(rescored(changesThatPass(ChangeDocument.query(filter)), unit, requireCount(count)), unit);
    }

    /// The changes most like one of the index, itself left out.
    ///
    /// @throws IndexException if there is no change of this id
    public List<Hit> searchLike(String id, SearchFilter filter, int count) throws IOException {
        float[] query = embedding(id).orElseThrow(() -> new IndexException(folder, "has no change of the id " + id));
        return search(query, filter, Math.min(MOST, requireCount(count) + 1)).stream()
                .filter(hit -> !hit.change().id().equals(id))
                .limit(count)
                .toList();
    }

    /// The changes that rank best by likeness and by the words of their captions (BM25, English), by reciprocal
    /// rank fusion.
    ///
    /// @param query the text's vector
    /// @param text its words
    public List<Hit> searchWords(float[] query, String text, SearchFilter filter, int count) throws IOException {
        float[] unit = UnitVectors.of(query, model.dimension());
        Optional<Query> passing = ChangeDocument.query(filter);
        int depth = Math.max(requireCount(count), LEAST_CANDIDATES);
        TopDocs likeness = nearest(unit, passing, depth);
        Query words = new QueryBuilder(analyzer).createBooleanQuery(ChangeDocument.CAPTION, text, Occur.SHOULD);
        if (words == null) {
            return hits(first(likeness, count), unit);
        }
        BooleanQuery.Builder spoken = new BooleanQuery.Builder().add(words, Occur.MUST);
        passing.ifPresent(p -> spoken.add(p, Occur.FILTER));
        TopDocs byWords = searcher.search(spoken.build(), depth);
        return hits(TopDocs.rrf(count, FUSION, new TopDocs[] {likeness, byWords}), unit);
    }

    /// The record of a change.
    public Optional<ChangeRecord> find(String id) throws IOException {
        int document = document(id);
        return document < 0
                ? Optional.empty()
                : Optional.of(ChangeDocument.read(searcher.storedFields().document(document)));
    }

    /// The vector of a change.
    public Optional<float[]> embedding(String id) throws IOException {
        int document = document(id);
        return document < 0 ? Optional.empty() : Optional.of(vector(document));
    }

    /// Reads everything and compares it with its checksums, which searching does not.
    ///
    /// @throws IndexException if the index is damaged
    public void verify() throws IOException {
        try {
            for (LeafReaderContext leaf : reader.leaves()) {
                ((CodecReader) leaf.reader()).checkIntegrity();
            }
        } catch (IOException | RuntimeException e) {
            throw IndexFolder.explained(folder, e);
        }
    }

    private static int requireCount(int count) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("the number of hits must be between 1 and " + MOST + ", got " + count);
        }
        return count;
    }

    private TopDocs nearest(float[] unit, Optional<Query> passing, int count) throws IOException {
        if (passing.isPresent() && estimate(passing.get()) <= COMPARED_AT_MOST) {
            return rescored(changesThatPass(passing), unit, count);
        }
        int candidates = Math.max(LEAST_CANDIDATES, OVERSAMPLING * count);
        Query walk = new KnnFloatVectorQuery(ChangeDocument.EMBEDDING, unit, candidates, passing.orElse(null));
        return rescored(walk, unit, count);
    }

    private static Query changesThatPass(Optional<Query> filter) {
        BooleanQuery.Builder changes = new BooleanQuery.Builder().add(ChangeDocument.changes(), Occur.FILTER);
        filter.ifPresent(passing -> changes.add(passing, Occur.FILTER));
        return changes.build();
    }

    /// About how many documents a query finds, without finding them.
    private long estimate(Query query) throws IOException {
        Weight weight = searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
        long documents = 0;
        for (LeafReaderContext leaf : reader.leaves()) {
            ScorerSupplier found = weight.scorerSupplier(leaf);
            documents += found == null ? 0 : found.cost();
        }
        return documents;
    }

    /// The best of what a query finds, by their vectors in full precision.
    private TopDocs rescored(Query query, float[] unit, int count) throws IOException {
        // Rewriting walks the graph; counting what it found is then free. RescoreTopNQuery fails where that is nothing.
        Query found = searcher.rewrite(query);
        if (searcher.count(found) == 0) {
            return new TopDocs(new TotalHits(0, TotalHits.Relation.EQUAL_TO), new ScoreDoc[0]);
        }
        return searcher.search(
                new RescoreTopNQuery(
                        found,
                        new FullPrecisionFloatVectorSimilarityValuesSource(unit, ChangeDocument.EMBEDDING),
                        count),
                count);
    }

    private static TopDocs first(TopDocs ranked, int count) {
        ScoreDoc[] best = Arrays.copyOf(ranked.scoreDocs, Math.min(count, ranked.scoreDocs.length));
        return new TopDocs(ranked.totalHits, best);
    }

    private List<Hit> hits(TopDocs ranked, float[] unit) throws IOException {
        List<Hit> hits = new ArrayList<>(ranked.scoreDocs.length);
        for (ScoreDoc found : ranked.scoreDocs) {
            hits.add(new Hit(
                    ChangeDocument.read(searcher.storedFields().document(found.doc)),
                    Math.clamp(UnitVectors.dot(unit, vector(found.doc)), -1.0, 1.0)));
        }
        return hits;
    }

    private int document(String id) throws IOException {
        TopDocs found = searcher.search(new TermQuery(new Term(ChangeDocument.ID, id)), 1);
        return found.scoreDocs.length == 0 ? -1 : found.scoreDocs[0].doc;
    }

    /// @param document of a change
    private float[] vector(int document) throws IOException {
        LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(document, reader.leaves()));
        FloatVectorValues values = leaf.reader().getFloatVectorValues(ChangeDocument.EMBEDDING);
        if (values != null) {
            KnnVectorValues.DocIndexIterator documents = values.iterator();
            int local = document - leaf.docBase;
            int at = documents.advance(local);
            if (at == local && at != DocIdSetIterator.NO_MORE_DOCS) {
                return Arrays.copyOf(values.vectorValue(documents.index()), model.dimension());
            }
        }
        throw new IndexException(folder, "is damaged, build it again (a change has no vector)");
    }

    @Override
    public void close() throws IOException {
        shards.close();
    }
}
