package org.terrachange.server.rest;

import io.javalin.http.Context;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.JobState;
import org.terrachange.server.jobs.JobStore;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// What the server is: landing page, conformance, OpenAPI document, health and metrics.
public final class ServiceRoutes implements RouteGroup {
    static final String OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.1";

    private static final String OPENAPI = "openapi.json";

    private final JobQueue queue;
    private final JobStore store;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final byte[] openApi;

    public ServiceRoutes(JobQueue queue, JobStore store) throws IOException {
        this.queue = queue;
        this.store = store;
        try (InputStream document = Objects.requireNonNull(ServiceRoutes.class.getResourceAsStream(OPENAPI))) {
            openApi = document.readAllBytes();
        }
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        collections.bindTo(metrics);
        for (JobState state : JobState.values()) {
            Gauge.builder("terrachange.jobs", () -> count(state))
                    .tag("status", state.label())
                    .description("Jobs that are kept, by how far they are")
                    .register(metrics);
        }
        Gauge.builder("terrachange.queue.waiting", queue::waiting)
                .description("Jobs that wait for their turn")
                .register(metrics);
    }

    private double count(JobState state) {
        try {
            return store.counts().getOrDefault(state, 0L);
        } catch (IOException _) {
            return Double.NaN;
        }
    }

    /// Where times and numbers of requests are kept.
    public PrometheusMeterRegistry metrics() {
        return metrics;
    }

    @Override
    public void addTo(Routes routes) {
        routes.json("/", ServiceRoutes::landing);
        routes.json("/conformance", context -> Json.answer(context, Map.of("conformsTo", OgcNames.CONFORMS_TO)));
        routes.json(
                "/openapi.json", context -> context.contentType(OPENAPI_TYPE).result(openApi));
        routes.json("/health", this::health);
        routes.file(
                "/metrics",
                context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()));
    }

    private static void landing(Context context) {
        Json.answer(
                context,
                Map.of(
                        "title",
                        "TerraChange",
                        "description",
                        "What changed on the ground between two overhead images, and where that kind of change"
                                + " happened.",
                        "links",
                        List.of(
                                Link.of("/", "self", Link.JSON, "this document"),
                                Link.of("/", "alternate", Link.HTML, "the application for people"),
                                Link.of("/openapi.json", "service-desc", OPENAPI_TYPE, "the interface"),
                                Link.of("/conformance", OgcNames.CONFORMANCE, Link.JSON, "what it conforms to"),
                                Link.of("/processes", OgcNames.PROCESSES, Link.JSON, "processes"),
                                Link.of("/jobs", OgcNames.JOB_LIST, Link.JSON, "jobs"),
                                Link.of("/stac", "data", Link.JSON, "results as a STAC catalogue"))));
    }

    private void health(Context context) throws IOException {
        // Asks the store: a server that cannot read its jobs is not well.
        Map<JobState, Long> counts = store.counts();
        Json.answer(
                context,
                Map.of(
                        "status",
                        "ok",
                        "jobs",
                        Map.of("running", counts.getOrDefault(JobState.RUNNING, 0L), "waiting", queue.waiting())));
    }

    @Override
    public void close() {
        collections.close();
        metrics.close();
    }
}
