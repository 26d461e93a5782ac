package org.terrachange.server.archive;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.warp.MisfitException;
import org.terrachange.search.index.ScoreReference;
import org.terrachange.search.present.HitCsv;
import org.terrachange.search.present.HitGeoJson;
import org.terrachange.search.query.SearchAnswer;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// `/search` for programs, its answers as tables, and the pictures of hits.
public final class ArchiveRoutes implements RouteGroup {
    /// How long a browser may keep a picture: an archive is seldom rebuilt.
    private static final String KEEP = "private, max-age=3600";

    private final Optional<ArchiveService> archive;

    /// @param archive absent where there is none to search
    public ArchiveRoutes(Optional<ArchiveService> archive) {
        this.archive = archive;
    }

    /// The answer to a query, as the REST interface gives it.
    ///
    /// @param question the query in words
    /// @param searched number of changes in the archive
    /// @param matchesWell whether any hit is better than what unrelated texts reach
    /// @param unknownWords words of the query that the model has never met
    /// @param reservations what somebody should know who takes the hits for an answer
    /// @param background what the query scores with changes taken at random
    /// @param unrelated what unrelated texts score with the changes of the archive
    private record Answered(
            String question,
            long searched,
            boolean matchesWell,
            List<String> unknownWords,
            List<String> reservations,
            Optional<ScoreReference> background,
            Optional<ScoreReference> unrelated,
            List<FoundChange> hits) {}

    @Override
    public void addTo(Routes routes) {
        routes.json("/search", context -> {
            SearchRequest request = SearchRequest.of(context);
            SearchAnswer answer = answer(request);
            Json.answer(
                    context,
                    new Answered(
                            request.question(),
                            answer.searched(),
                            answer.matchesWell(),
                            answer.unknownWords(),
                            answer.reservations(),
                            answer.background(),
                            answer.unrelated(),
                            answer.hits().stream()
                                    .map(hit -> FoundChange.of(hit, answer, request))
                                    .toList()));
        });
        routes.file(
                "/search/hits.csv",
                context -> table(context, "text/csv; charset=utf-8", "hits.csv")
                        .result(HitCsv.of(answer(SearchRequest.of(context)))));
        routes.file(
                "/search/hits.geojson",
                context -> table(context, "application/geo+json", "hits.geojson")
                        .result(HitGeoJson.of(answer(SearchRequest.of(context)))));
        routes.file("/archive/{key}/{picture}", this::picture);
    }

    private static Context table(Context context, String type, String name) {
        return context.contentType(type).header("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    private void picture(Context context) throws IOException {
        String file = context.pathParam("picture");
        String name = file.endsWith(".png") ? file.substring(0, file.length() - ".png".length()) : "";
        String id = HitKey.id(context.pathParam("key")).orElseThrow(() -> nothing(context));
        Optional<byte[]> png;
        try {
            if (name.equals("relevance")) {
                SearchRequest request = SearchRequest.of(context);
                requireExample(request);
                png = service().relevance(id, request.query());
            } else {
                ArchiveService.Picture picture =
                        ArchiveService.Picture.parse(name).orElseThrow(() -> nothing(context));
                png = service().picture(id, picture);
            }
        } catch (RasterException | MisfitException | CrsException e) {
            // The images of an archive belong to somebody else, and may be moved at any time.
            throw Refusal.of(HttpStatus.NOT_FOUND, "the images of this change cannot be read any more");
        }
        context.contentType("image/png").header("Cache-Control", KEEP).result(png.orElseThrow(() -> nothing(context)));
    }

    @Override
    public void close() throws IOException {
        if (archive.isPresent()) {
            archive.get().close();
        }
    }

    private static Refusal nothing(Context context) {
        return Refusal.notFound("there is nothing at " + Refusal.quoted(context.path()));
    }

    private SearchAnswer answer(SearchRequest request) throws IOException {
        requireExample(request);
        return service().answer(request.query());
    }

    private void requireExample(SearchRequest request) throws IOException {
        if (request.example().isPresent() && !service().has(request.example().get())) {
            throw Refusal.unprocessable("the archive has no change of the id that like names; hits show their ids");
        }
    }

    private ArchiveService service() {
        return archive.orElseThrow(() -> Refusal.notFound("this server has no archive to search; make an index with"
                + " terrachange retrieval index and start the server with --index"));
    }
}
