package org.terrachange.server;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.json.JavalinJackson3;
import io.javalin.router.Endpoint;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.terrachange.server.guard.Guard;
import org.terrachange.server.guard.SignInPage;
import org.terrachange.server.rest.JobRoutes;
import org.terrachange.server.rest.ModelRoutes;
import org.terrachange.server.rest.ProcessRoutes;
import org.terrachange.server.rest.SceneRoutes;
import org.terrachange.server.rest.ServiceRoutes;
import org.terrachange.server.rest.StacRoutes;
import org.terrachange.server.rest.UploadRoutes;
import org.terrachange.server.web.EventLog;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Problems;
import org.terrachange.server.web.Route;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// A running web application with its REST service.
public final class TerraChangeServer implements AutoCloseable {
    /// Bounds of the buckets that requests are counted in by how long they took.
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final ServerOptions options;
    private final Services services;
    private final List<RouteGroup> groups;
    private final Routes routes;
    private final Javalin http;

    private TerraChangeServer(
            ServerOptions options, Services services, List<RouteGroup> groups, Routes routes, Javalin http) {
        this.options = options;
        this.services = services;
        this.groups = groups;
        this.routes = routes;
        this.http = http;
    }

    /// Starts a server; it answers when this returns.
    ///
    /// @param log hears what the people who run it should know
    /// @throws IOException if its folders or its certificate cannot be used, or its port is taken
    public static TerraChangeServer start(ServerOptions options, EventLog log) throws IOException {
        Services services = Services.open(options, log);
        try {
            return start(options, services, log);
        } catch (IOException | RuntimeException e) {
            services.close();
            throw e;
        }
    }

    private static TerraChangeServer start(ServerOptions options, Services services, EventLog log) throws IOException {
        Guard guard = new Guard(
                options.host(),
                options.names(),
                options.token(),
                options.limits().requestsPerMinute(),
                SignInPage.PLAIN,
                options.tls().isPresent());
        ServiceRoutes service = new ServiceRoutes(services.queue(), services.store());
        JobRoutes jobs = new JobRoutes(services.queue(), services.folders());
        List<RouteGroup> groups = new ArrayList<>(List.of(
                guard,
                service,
                new UploadRoutes(services.images().uploads(), services.retention()),
                new SceneRoutes(services.images(), services.detector(), services.decoding()),
                new ProcessRoutes(services.process(), services.queue(), jobs),
                jobs,
                new ModelRoutes(services.detector()),
                new StacRoutes(services.queue(), services.folders())));
        groups.addAll(RouteGroups.of(services));
        Routes routes = new Routes();
        groups.forEach(group -> group.addTo(routes));
        Javalin http = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.http.prefer405over404 = true;
            config.jsonMapper(new JavalinJackson3(Json.MAPPER, true));
            config.requestLogger.http((context, millis) -> record(service, context, millis));
            HttpConnectors.configure(config, options);
            guard.mount(config);
            routes.mount(config);
            new Problems(RouteGroups.errorPage(), log).mount(config);
        });
        try {
            http.start();
        } catch (JavalinBindException e) {
            throw new IOException(
                    "port " + options.port() + " of " + options.host() + " is taken; choose another with --port", e);
        } catch (JavalinException e) {
            throw new IOException("the server cannot start: " + reason(e), e);
        }
        services.start();
        return new TerraChangeServer(options, services, groups, routes, http);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    /// By the pattern of the address: there are endlessly many addresses, and a time series for each.
    private static void record(ServiceRoutes service, Context context, float millis) {
        Endpoint endpoint = context.endpoints().matchedHttpEndpoint();
        Timer.builder("http.server.requests")
                .tag("method", endpoint == null ? "none" : endpoint.method.name())
                .tag("uri", endpoint == null ? "none" : endpoint.path)
                .tag("status", Integer.toString(context.statusCode()))
                .serviceLevelObjectives(BUCKETS)
                .register(service.metrics())
                .record(Duration.ofNanos((long) (millis * 1e6)));
    }

    /// Where it listens.
    public URI address() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return URI.create((options.tls().isPresent() ? "https" : "http") + "://" + host + ":" + http.port());
    }

    /// Every address that it answers.
    public List<Route> routes() {
        return routes.all();
    }

    /// Answers no more requests, and stops the job that runs: the next start takes it up again.
    @Override
    public void close() throws IOException {
        // Ends the streams of events too, which wait for the queue.
        services.queue().close();
        http.stop();
        for (RouteGroup group : groups) {
            group.close();
        }
        services.close();
    }
}
