package org.terrachange.server.pages;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.terrachange.server.archive.ArchiveService;
import org.terrachange.server.detection.SharedDetector;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.JobState;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// The pages. What they show beyond their frame comes from the REST interface, as for any other program.
public final class PageRoutes implements RouteGroup {
    private static final int LISTED_JOBS = 200;

    /// Of kinds that archives of built land have, in words that the bundled model knows.
    private static final List<String> QUESTIONS = List.of(
            "new houses along a road",
            "many houses appear",
            "a large building is constructed",
            "houses replace the woods",
            "urban expansion",
            "nothing has changed");

    private final Views views;
    private final JobQueue jobs;
    private final SharedDetector detector;
    private final Optional<ArchiveService> archive;

    /// @param archive absent where there is none to search
    public PageRoutes(Views views, JobQueue jobs, SharedDetector detector, Optional<ArchiveService> archive) {
        this.views = views;
        this.jobs = jobs;
        this.detector = detector;
        this.archive = archive;
    }

    @Override
    public void addTo(Routes routes) {
        new StaticFiles().addTo(routes);
        routes.page("/", context -> context.redirect(Tab.DETECT.path()));
        routes.page(Tab.DETECT.path(), context -> context.html(views.page("detect", Map.of())));
        routes.page(Tab.EXAMPLES.path(), context -> context.html(views.page("examples", Map.of())));
        routes.page(
                Tab.SEARCH.path(),
                context -> context.html(views.page(
                        "search",
                        Map.of(
                                "ready",
                                archive.isPresent(),
                                "examples",
                                QUESTIONS,
                                "library",
                                StaticFiles.libraryPath("ol.js")))));
        routes.page(Tab.MODEL.path(), context -> context.html(views.page("model", Map.of("cards", cards()))));
        routes.page(
                Tab.JOBS.path(),
                context -> context.html(
                        views.page("jobs", Map.of("jobs", rows(), "library", StaticFiles.libraryPath("htmx.js")))));
        routes.asset("/parts/jobs", context -> context.html(views.page("jobs-table", Map.of("jobs", rows()))));
        routes.page("/jobs/{id}", this::job);
    }

    private void job(Context context) throws IOException {
        Job job = jobs.find(context.pathParam("id"))
                .orElseThrow(() -> Refusal.notFound("there is no such job; its results may have been removed"));
        context.html(views.page(
                "job", Map.of("id", job.id(), "title", job.title(), "library", StaticFiles.libraryPath("ol.js"))));
    }

    private List<JobRow> rows() throws IOException {
        return jobs.newest(EnumSet.allOf(JobState.class), LISTED_JOBS, 0).stream()
                .map(JobRow::of)
                .toList();
    }

    private List<CardView> cards() throws IOException {
        List<CardView> cards = new ArrayList<>();
        cards.add(CardView.of(detector.card()));
        if (archive.isPresent()) {
            cards.add(CardView.of(archive.get().card()));
        }
        return cards;
    }
}
