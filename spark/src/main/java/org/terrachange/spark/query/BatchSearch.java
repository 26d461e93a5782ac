package org.terrachange.spark.query;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.RasterException;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.query.ArchiveQuery;
import org.terrachange.search.query.ArchiveSearch;
import org.terrachange.search.query.SearchAnswer;
import org.terrachange.spark.fleet.Fleet;
import org.terrachange.spark.fleet.LoadedModels;
import org.terrachange.spark.input.SearchModelSource;

/// Asks an archive many questions: each is answered over all shards by one worker, as a single search answers it.
public final class BatchSearch {
    /// Questions of one task.
    private static final int AT_A_TIME = 16;

    private final Fleet fleet;
    private final SearchModelSource model;

    public BatchSearch(Fleet fleet, SearchModelSource model) {
        this.fleet = fleet;
        this.model = model;
    }

    /// Hears how many questions are answered.
    @FunctionalInterface
    public interface Progress {
        void at(long done, long of);
    }

    /// What a run did.
    ///
    /// @param queries asked
    /// @param hits in the table
    /// @param unmatched queries to which nothing is a match
    public record Outcome(long queries, long hits, long unmatched) {}

    /// @param first number of the first question
    private record Task(int first, List<String> texts) implements Serializable {}

    private record Answers(int first, List<List<QueryHit>> hits) implements Serializable {}

    private record Asking(ArchiveSource archive, int limit) implements Serializable {
        Answers answer(Task task) throws IOException, InterruptedException {
            return LoadedModels.use(
                    archive.model(),
                    tower -> LoadedModels.use(archive, searcher -> {
                        ArchiveSearch search = new ArchiveSearch(searcher, tower);
                        List<List<QueryHit>> answers = new ArrayList<>();
                        for (String text : task.texts()) {
                            ArchiveQuery query = ArchiveQuery.of(text, limit);
                            SearchAnswer answer = search.find(query, search.vector(query));
                            answers.add(new ArrayList<>(answer.hits().stream()
                                    .map(hit -> QueryHit.of(text, hit, answer))
                                    .toList()));
                        }
                        return new Answers(task.first(), answers);
                    }));
        }
    }

    /// Answers all texts and writes the hits as one table, in the order of the texts.
    ///
    /// @param archive folder of an index or of an archive in shards
    /// @param limit most hits of each, 1 to [ArchiveSearcher#MOST]
    /// @param table where hits go; its folder is made if need be
    /// @throws org.terrachange.search.index.IndexException if there is no archive, a damaged one, or one of another
    ///     model
    /// @throws RasterException if the table cannot be written there
    /// @throws InterruptedException if the calling thread is interrupted
    public Outcome run(List<String> texts, Path archive, int limit, Path table, Progress progress)
            throws IOException, InterruptedException {
        HitTable form = HitTable.of(table);
        Path folder = table.toAbsolutePath().getParent();
        if (folder != null) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw new IOException(table + ": its folder cannot be created; choose another", e);
            }
        }
        // Begun first: answers of hours are not lost to a place where nothing can be written.
        try (AtomicFile file = AtomicFile.create(table)) {
            List<List<QueryHit>> answers = answers(texts, archive, limit, progress);
            List<QueryHit> hits = answers.stream().flatMap(List::stream).toList();
            try {
                form.write(file.temporary(), hits);
            } catch (IOException e) {
                throw file.failure(e);
            }
            file.commit();
            return new Outcome(
                    texts.size(),
                    hits.size(),
                    answers.stream()
                            .filter(found -> found.stream().noneMatch(QueryHit::match))
                            .count());
        }
    }

    private List<List<QueryHit>> answers(List<String> texts, Path archive, int limit, Progress progress)
            throws IOException, InterruptedException {
        ArchiveSource source =
                new ArchiveSource(archive.toAbsolutePath().normalize().toString(), model);
        // An archive that cannot be opened is said at once, by its own error.
        LoadedModels.use(source, ArchiveSearcher::changes);
        List<Task> tasks = IntStream.range(0, Math.ceilDiv(texts.size(), AT_A_TIME))
                .mapToObj(i -> new Task(
                        i * AT_A_TIME,
                        new ArrayList<>(texts.subList(i * AT_A_TIME, Math.min(texts.size(), (i + 1) * AT_A_TIME)))))
                .toList();
        Asking asking = new Asking(source, limit);
        List<List<QueryHit>> answers = new ArrayList<>(java.util.Collections.nCopies(texts.size(), List.of()));
        long[] done = {0};
        fleet.run(tasks, asking::answer, some -> {
            for (int i = 0; i < some.hits().size(); i++) {
                answers.set(some.first() + i, some.hits().get(i));
            }
            done[0] += some.hits().size();
            progress.at(done[0], texts.size());
        });
        return answers;
    }
}
