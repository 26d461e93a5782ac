package org.terrachange.search.query;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.terrachange.search.archive.WindowVectors;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.Hit;
import org.terrachange.search.index.IndexException;
import org.terrachange.search.index.ScoreReference;
import org.terrachange.search.model.PairEmbedder;
import org.terrachange.search.model.SearchModel;

/// Asks an archive.
public final class ArchiveSearch {
    /// How much of a text that is pushed away is taken from the query: half keeps what both have in common in
    /// view.
    private static final float PUSH = 0.5f;

    private final ArchiveSearcher archive;
    private final SearchModel model;

    /// @param model that made the vectors of the archive
    public ArchiveSearch(ArchiveSearcher archive, SearchModel model) {
        this.archive = archive;
        this.model = model;
    }

    /// Sentences that have nothing to do with change on the ground, one vector each: what they score in an
    /// archive is chance.
    public static List<float[]> unrelated(PairEmbedder model) {
        try (InputStream file = Objects.requireNonNull(
                ArchiveSearch.class.getResourceAsStream("unrelated.txt"), "the sentences are part of the build")) {
            return model.texts(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The changes that answer a query best.
    ///
    /// @param vector as [#vector] makes it of the query
    public SearchAnswer find(ArchiveQuery query, float[] vector) throws IOException {
        // An example would otherwise be the first hit of itself.
        Optional<String> itself = query.example()
                .filter(Example.Indexed.class::isInstance)
                .map(example -> ((Example.Indexed) example).id());
        int count = Math.min(ArchiveSearcher.MOST, query.limit() + (itself.isPresent() ? 1 : 0));
        List<Hit> found = query.captions()
                ? archive.searchWords(vector, query.text().orElseThrow(), query.filter(), count)
                : archive.search(vector, query.filter(), count);
        Optional<ScoreReference> background = archive.background(vector);
        List<ScoredHit> hits = new ArrayList<>();
        for (Hit hit : found) {
            if (hits.size() < query.limit()
                    && !itself.filter(hit.change().id()::equals).isPresent()) {
                hits.add(new ScoredHit(
                        hits.size() + 1,
                        hit.change(),
                        hit.cosine(),
                        background
                                .map(chance -> chance.deviationsAbove(hit.cosine()))
                                .orElse(0.0)));
            }
        }
        return new SearchAnswer(hits, background, archive.reference(), unknownWords(query), archive.changes());
    }

    private List<String> unknownWords(ArchiveQuery query) {
        String words = query.text().orElse("") + " " + query.without().orElse("");
        return model.card().vocabulary().map(known -> known.unknown(words)).orElse(List.of());
    }

    /// Where in the space of changes a query points.
    ///
    /// @return of length 1
    /// @throws IndexException if the archive does not have its example
    /// @throws org.terrachange.raster.RasterException if an image of its example cannot be read
    public float[] vector(ArchiveQuery query) throws IOException {
        float[] sum = new float[archive.model().dimension()];
        if (query.text().isPresent()) {
            add(sum, text(query.text().get()), 1);
        }
        if (query.example().isPresent()) {
            float[] example = switch (query.example().get()) {
                case Example.Indexed(String id) ->
                    archive.embedding(id)
                            .orElseThrow(() -> new IndexException(
                                    archive.folder(), "has no change of the id \"" + id + "\"; hits show their ids"));
                case Example.Pair(String before, String after) -> new WindowVectors(model).example(before, after);
            };
            add(sum, example, 1);
        }
        if (query.without().isPresent()) {
            add(sum, text(query.without().get()), -PUSH);
        }
        normalize(sum);
        return sum;
    }

    private float[] text(String sentence) {
        return model.texts(List.of(sentence)).getFirst();
    }

    private static void normalize(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += value * value;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) length;
        }
    }

    private static void add(float[] sum, float[] vector, float weight) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * vector[i];
        }
    }
}
