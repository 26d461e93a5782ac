package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.vector.DateLine;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.index.GeoBox;
import org.terrachange.search.index.ScoreReference;
import org.terrachange.search.index.SearchFilter;
import org.terrachange.search.present.ContactSheet;
import org.terrachange.search.present.HitAccount;
import org.terrachange.search.present.HitCsv;
import org.terrachange.search.present.HitGeoJson;
import org.terrachange.search.query.ArchiveQuery;
import org.terrachange.search.query.ArchiveSearch;
import org.terrachange.search.query.Example;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/// `terrachange retrieval search`: changes of an archive by what they are.
@Command(
        name = "search",
        description = "Finds the changes of an archive that a text describes, or that are like a given one.",
        footer = {
            "",
            "Scores are cosines. Beside each stands by how many deviations it lies above what the same query scores with"
                    + " changes taken at random; hits that are no better than what unrelated texts reach are marked."
        })
final class RetrievalSearchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SearchModelOption search;

    @Mixin
    private SharedOptions.Hub hub;

    @Mixin
    private SharedOptions.Compute compute;

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..1",
            description = "What is looked for, such as \"new houses along a road\".")
    private @Nullable String text;

    @Option(names = "--index", required = true, paramLabel = "DIR", description = "The index to search.")
    private Path index;

    @Option(
            names = "--like",
            paramLabel = "ID",
            description = "Search by example: changes like the one of this id, which hits show.")
    private @Nullable String example;

    @Option(
            names = "--like-pair",
            arity = "2",
            paramLabel = "IMAGE",
            description = "Search by an example that need not be in the index: its image before and its image after.")
    private @Nullable List<String> pair;

    @Option(names = "--not", paramLabel = "TEXT", description = "Push away what this describes.")
    private @Nullable String without;

    @Option(
            names = "--captions",
            description = "Let the words of the archive's captions count beside the likeness of the images.")
    private boolean captions;

    @Option(
            names = "--bbox",
            paramLabel = "W,S,E,N",
            split = ",",
            description = "Only changes that meet this box of longitudes and latitudes, in degrees.")
    private double @Nullable [] box;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            description = "Only changes that may have happened on this day or later.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "DAY",
            description = "Only changes that may have happened on this day or earlier.")
    private @Nullable String to;

    @Option(
            names = "--min-change",
            paramLabel = "SHARE",
            description = "Only windows of which at least this share changed by the detector's judgement, 0 to 1.")
    private @Nullable Double minChange;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "Most hits (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, geojson or csv (default: ${DEFAULT-VALUE}).")
    private String format;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description =
                    "Draw the hits: contact-sheet.html with before, after, change, and where the query is answered.")
    private @Nullable Path out;

    /// The JSON document.
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    private record Answered(
            String question,
            long searched,
            boolean matchesWell,
            List<String> unknownWords,
            @Nullable ScoreReference background,
            @Nullable ScoreReference unrelated,
            List<HitAccount> hits) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        ArchiveQuery query = SharedOptions.checked(spec, this::query);
        Form form = SharedOptions.checked(spec, () -> Form.parse(output.json() ? "json" : format));
        try (SearchModelOption.Loaded loaded = search.load(hub, compute, console);
                ArchiveSearcher archive = ArchiveSearcher.open(index, loaded.fingerprint())) {
            ArchiveSearch asked = new ArchiveSearch(archive, loaded.model());
            float[] vector = asked.vector(query);
            SearchAnswer answer = asked.find(query, vector);
            console.print(form.text(question(), answer));
            if (form == Form.TABLE) {
                answer.reservations().forEach(console::note);
            }
            if (out != null) {
                draw(console, loaded, vector, answer, out);
            }
        }
        return ExitCode.DONE;
    }

    private void draw(
            Console console, SearchModelOption.Loaded loaded, float[] vector, SearchAnswer answer, Path folder)
            throws IOException, InterruptedException {
        try (Progress progress = console.progress("draw")) {
            new ContactSheet(loaded.model(), vector)
                    .write(folder, question(), answer, progress::at)
                    .forEach(failure -> console.note("no pictures of " + failure));
        }
        console.note("pictures  " + folder.resolve("contact-sheet.html"));
    }

    private String question() {
        StringBuilder words = new StringBuilder(text == null ? "" : text);
        if (example != null) {
            words.append(words.isEmpty() ? "like " : ", like ").append(example);
        }
        if (pair != null) {
            words.append(words.isEmpty() ? "like " : ", like ").append(String.join(" and ", pair));
        }
        if (without != null) {
            words.append(", not ").append(without);
        }
        return words.toString();
    }

    private ArchiveQuery query() {
        if (box != null && box.length != 4) {
            throw new IllegalArgumentException("--bbox takes four numbers, west,south,east,north; got " + box.length);
        }
        SearchFilter filter = new SearchFilter(
                Optional.ofNullable(box).map(b -> new GeoBox(b[0], b[1], b[2], b[3])),
                Optional.ofNullable(from).map(RetrievalSearchCommand::day),
                Optional.ofNullable(to).map(RetrievalSearchCommand::day),
                minChange == null ? OptionalDouble.empty() : OptionalDouble.of(minChange),
                Optional.empty());
        return new ArchiveQuery(
                Optional.ofNullable(text), example(), Optional.ofNullable(without), captions, filter, limit);
    }

    private Optional<Example> example() {
        if (example != null && pair != null) {
            throw new IllegalArgumentException("--like and --like-pair each give an example: take one");
        }
        return pair != null
                ? Optional.of(new Example.Pair(pair.get(0), pair.get(1)))
                : Optional.ofNullable(example).map(Example.Indexed::new);
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no day; write it as 2019-06-30", e);
        }
    }

    /// What an answer is printed as.
    private enum Form {
        TABLE {
            @Override
            String text(String question, SearchAnswer answer) {
                StringBuilder table = new StringBuilder(ContactSheet.account(answer)).append(System.lineSeparator());
                for (ScoredHit hit : answer.hits()) {
                    ChangeRecord change = hit.change();
                    table.append(String.format(
                            Locale.ROOT,
                            "%3d  %6.3f  %+5.1f %s  %5.1f %% changed  %s%s%s%n",
                            hit.rank(),
                            hit.score(),
                            hit.deviations(),
                            answer.isMatch(hit.score()) ? " " : "?",
                            100 * change.changedFraction(),
                            change.id(),
                            change.footprint()
                                    .map(DateLine::centre)
                                    .map(centre -> String.format(Locale.ROOT, "  %.5f,%.5f", centre.x, centre.y))
                                    .orElse(""),
                            change.afterDate()
                                    .map(after -> "  "
                                            + change.beforeDate()
                                                    .map(LocalDate::toString)
                                                    .orElse("") + ".." + after)
                                    .orElse("")));
                }
                return table.toString();
            }
        },
        JSON {
            @Override
            String text(String question, SearchAnswer answer) {
                return Console.json(new Answered(
                        question,
                        answer.searched(),
                        answer.matchesWell(),
                        answer.unknownWords(),
                        answer.background().orElse(null),
                        answer.unrelated().orElse(null),
                        answer.hits().stream()
                                .map(hit -> HitAccount.of(hit, answer))
                                .toList()));
            }
        },
        GEOJSON {
            @Override
            String text(String question, SearchAnswer answer) {
                return HitGeoJson.of(answer);
            }
        },
        CSV {
            @Override
            String text(String question, SearchAnswer answer) {
                return HitCsv.of(answer);
            }
        };

        abstract String text(String question, SearchAnswer answer);

        static Form parse(String name) {
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "table" -> TABLE;
                case "json" -> JSON;
                case "geojson" -> GEOJSON;
                case "csv" -> CSV;
                default ->
                    throw new IllegalArgumentException(
                            "unknown format \"" + name + "\": choose table, json, geojson or csv");
            };
        }
    }
}
