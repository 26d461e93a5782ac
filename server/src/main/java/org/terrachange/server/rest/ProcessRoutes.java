package org.terrachange.server.rest;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.terrachange.server.detection.DetectChanges;
import org.terrachange.server.detection.DetectInputs;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.QueueFullException;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;
import tools.jackson.databind.JsonNode;

/// OGC API - Processes Part 1 (18-062r2): which processes there are, and their execution.
public final class ProcessRoutes implements RouteGroup {
    /// Longer than this no connection is kept waiting; the job goes on, and the answer says where.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final DetectChanges process;
    private final JobQueue queue;
    private final JobRoutes jobs;

    /// @param jobs tells of the results of a synchronous execution
    public ProcessRoutes(DetectChanges process, JobQueue queue, JobRoutes jobs) {
        this.process = process;
        this.queue = queue;
        this.jobs = jobs;
    }

    /// What an execution takes (18-062r2, schema `execute.yaml`).
    ///
    /// @param inputs of the process
    /// @param outputs which results are wanted; all are made, whatever it says
    /// @param response `document` where given
    /// @param subscriber whom to tell; not supported
    private record Execute(
            @Nullable DetectInputs inputs,
            @Nullable JsonNode outputs,
            @Nullable String response,
            @Nullable JsonNode subscriber) {}

    @Override
    public void addTo(Routes routes) {
        routes.json(
                "/processes",
                context -> Json.answer(
                        context,
                        Map.of(
                                "processes",
                                List.of(ProcessDescription.summary()),
                                "links",
                                List.of(Link.of("/processes", "self", Link.JSON, "the processes of this server")))));
        routes.json("/processes/{process}", context -> {
            requireKnown(context);
            Json.answer(context, ProcessDescription.whole());
        });
        routes.action(HandlerType.POST, "/processes/{process}/execution", this::execute);
    }

    private static void requireKnown(Context context) {
        if (!context.pathParam("process").equals(DetectChanges.ID)) {
            throw Refusal.notFound("there is no process '" + Refusal.quoted(context.pathParam("process"))
                            + "'; the one of this server is " + DetectChanges.ID)
                    .withType(OgcNames.NO_SUCH_PROCESS);
        }
    }

    private void execute(Context context) throws IOException, InterruptedException {
        requireKnown(context);
        Execute request = Json.body(context, Execute.class);
        if (request.inputs() == null) {
            throw Refusal.badRequest("the document has no inputs");
        }
        if (request.response() != null && !request.response().equals("document")) {
            throw Refusal.unprocessable("response must be 'document': results are given by reference");
        }
        if (request.subscriber() != null && !request.subscriber().isNull()) {
            throw Refusal.unprocessable("subscribers are not told; read /jobs/{id}/events instead");
        }
        Job job = submit(request.inputs());
        String prefer = context.header("Prefer");
        boolean async = prefer != null && prefer.toLowerCase(Locale.ROOT).contains("respond-async");
        if (async) {
            context.header("Preference-Applied", "respond-async");
        } else {
            Optional<Job> ended = end(job);
            if (ended.isPresent()) {
                context.header("Link", "</jobs/" + job.id() + ">; rel=\"monitor\"");
                jobs.answerResults(context, ended.get());
                return;
            }
        }
        context.status(HttpStatus.CREATED).header("Location", "/jobs/" + job.id());
        Json.answer(context, StatusInfo.of(queue.find(job.id()).orElse(job)));
    }

    private Job submit(DetectInputs inputs) throws IOException {
        try {
            return process.submit(inputs, queue);
        } catch (QueueFullException e) {
            throw Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage() + "; try again later")
                    .withHeader("Retry-After", Long.toString(e.retryAfterSeconds()));
        }
    }

    /// The job when it has ended, or nothing if that takes too long.
    private Optional<Job> end(Job job) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Job seen = job;
        while (!seen.state().isFinished()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 || queue.isStopping()) {
                return Optional.empty();
            }
            Optional<Job> now = queue.await(seen, Duration.ofNanos(left));
            if (now.isEmpty()) {
                throw Refusal.of(HttpStatus.GONE, "the job was removed while it ran");
            }
            seen = now.get();
        }
        return Optional.of(seen);
    }
}
