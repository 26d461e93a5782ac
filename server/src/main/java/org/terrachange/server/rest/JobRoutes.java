package org.terrachange.server.rest;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.terrachange.server.detection.DetectChanges;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.JobState;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.storage.StoredId;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// Jobs: how far they are, what they found, and their end.
public final class JobRoutes implements RouteGroup {
    private static final int DEFAULT_LIMIT = 50;
    private static final int LARGEST_LIMIT = 1_000;

    /// Shorter than any proxy keeps a silent connection open.
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /// A report is a page of its own with its style in it; it runs no scripts and loads nothing.
    private static final String REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private final JobQueue queue;
    private final JobFolders folders;

    public JobRoutes(JobQueue queue, JobFolders folders) {
        this.queue = queue;
        this.folders = folders;
    }

    private record JobList(List<StatusInfo> jobs, List<Link> links) {}

    @Override
    public void addTo(Routes routes) {
        routes.json("/jobs", this::list);
        routes.json("/jobs/{id}", context -> Json.answer(context, StatusInfo.of(job(context))));
        routes.action(HandlerType.DELETE, "/jobs/{id}", this::dismiss);
        routes.file("/jobs/{id}/events", this::events);
        routes.json("/jobs/{id}/results", context -> answerResults(context, job(context)));
        routes.file("/jobs/{id}/results/{file}", this::product);
    }

    private void list(Context context) throws IOException {
        int limit = Queries.number(context, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT);
        int offset = Queries.number(context, "offset", 0, 0, Integer.MAX_VALUE);
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (String names : context.queryParams("status")) {
            for (String name : names.split(",", -1)) {
                states.add(JobState.parse(name)
                        .orElseThrow(() -> Refusal.badRequest("'" + Refusal.quoted(name)
                                + "' is no status; write accepted, running, successful, failed or dismissed")));
            }
        }
        boolean ours = context.queryParams("type").stream().allMatch("process"::equals)
                && context.queryParams("processID").stream().allMatch(DetectChanges.ID::equals);
        List<Job> jobs = ours
                ? queue.newest(states.isEmpty() ? EnumSet.allOf(JobState.class) : states, limit, offset)
                : List.of();
        Json.answer(
                context,
                new JobList(
                        jobs.stream().map(StatusInfo::of).toList(),
                        List.of(Link.of("/jobs", "self", Link.JSON, "the jobs of this server"))));
    }

    private Job job(Context context) throws IOException {
        String id = context.pathParam("id");
        Optional<Job> job = StoredId.isOne(id) ? queue.find(id) : Optional.empty();
        return job.orElseThrow(JobRoutes::unknown);
    }

    private static Refusal unknown() {
        return Refusal.notFound("there is no such job, or not any more").withType(OgcNames.NO_SUCH_JOB);
    }

    private void dismiss(Context context) throws IOException {
        Job job = queue.dismiss(job(context).id()).orElseThrow(JobRoutes::unknown);
        Json.answer(context, StatusInfo.of(job));
    }

    /// Server-sent events (HTML Living Standard, section 9.2): one `status` at once and one at every change, until
    /// the job is finished.
    private void events(Context context) throws IOException, InterruptedException {
        Job job = job(context);
        context.disableCompression();
        context.contentType("text/event-stream;charset=utf-8")
                .header("Cache-Control", "no-store")
                // Proxies would gather events until they have a buffer full.
                .header("X-Accel-Buffering", "no");
        if (context.method().equals(HandlerType.HEAD)) {
            return;
        }
        OutputStream out = context.outputStream();
        send(out, job);
        while (!job.state().isFinished() && !queue.isStopping()) {
            Optional<Job> now = queue.await(job, HEARTBEAT);
            if (now.isEmpty()) {
                return;
            }
            if (now.get().equals(job)) {
                // A comment: tells a lost connection from a slow job.
                out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
            } else {
                send(out, now.get());
            }
            job = now.get();
        }
    }

    private static void send(OutputStream out, Job job) throws IOException {
        String event = "event: status\ndata: " + Json.MAPPER.writeValueAsString(StatusInfo.of(job)) + "\n\n";
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// Answers with the results of a job, or says why there are none.
    void answerResults(Context context, Job job) throws IOException {
        requireSuccess(job);
        Json.answer(context, ResultDocument.of(job, folders.of(job.id())));
    }

    private static void requireSuccess(Job job) {
        switch (job.state()) {
            case SUCCESSFUL -> {
                // As it should be.
            }
            case ACCEPTED, RUNNING ->
                throw Refusal.notFound("the job is " + job.state().label() + "; its results come later")
                        .withType(OgcNames.RESULT_NOT_READY);
            case FAILED -> throw Refusal.unprocessable("the job failed: " + job.message());
            case DISMISSED -> throw Refusal.of(HttpStatus.GONE, "the job was cancelled");
        }
    }

    private void product(Context context) throws IOException {
        Job job = job(context);
        requireSuccess(job);
        // Only names of products: no name from outside becomes part of a path.
        Product product = Product.ofFile(context.pathParam("file")).orElseThrow(JobRoutes::noProduct);
        Path file = folders.of(job.id()).results().resolve(product.file());
        if (Files.notExists(file)) {
            throw noProduct();
        }
        boolean shown = context.queryParam("download") == null
                && (product == Product.REPORT || product == Product.OVERLAY || product == Product.SUMMARY);
        if (product == Product.REPORT) {
            context.header("Content-Security-Policy", REPORT_POLICY);
        }
        new FileAnswer(
                        file,
                        product.mediaType(),
                        shown ? Optional.empty() : Optional.of(job.id().substring(0, 8) + "-" + product.file()))
                .send(context);
    }

    private static Refusal noProduct() {
        return Refusal.notFound("the job has no such product; /jobs/{id}/results lists those that it has");
    }
}
