package org.terrachange.server.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The addresses of the server, gathered from its parts. A thing has one address, whose answer is a page for
/// people or JSON for programs: the two may come from different parts.
public final class Routes {
    private record Address(HandlerType method, String path) {}

    /// What answers at an address.
    private static final class Answers {
        private @Nullable Handler json;
        private @Nullable Handler page;
        private @Nullable Handler file;
    }

    private final Map<Address, Answers> answers = new LinkedHashMap<>();

    /// A GET that gives JSON, also where there is a [#page] for people.
    public Routes json(String path, Handler handler) {
        Answers at = at(HandlerType.GET, path);
        requireFree(at.json == null && at.file == null, path);
        at.json = handler;
        return this;
    }

    /// A GET that gives a whole HTML page.
    public Routes page(String path, Handler handler) {
        Answers at = at(HandlerType.GET, path);
        requireFree(at.page == null && at.file == null, path);
        at.page = handler;
        return this;
    }

    /// A GET of something that is neither, such as a picture, and of one kind whatever the request accepts.
    public Routes file(String path, Handler handler) {
        Answers at = at(HandlerType.GET, path);
        requireFree(at.page == null && at.file == null && at.json == null, path);
        at.file = handler;
        return this;
    }

    /// A GET of what only pages use: their style, scripts and parts. Not described in `/openapi.json`.
    public Routes asset(String path, Handler handler) {
        return page(path, handler);
    }

    /// Something else than GET, for programs.
    public Routes action(HandlerType method, String path, Handler handler) {
        Answers at = at(method, path);
        requireFree(at.json == null, path);
        at.json = handler;
        return this;
    }

    /// A POST by a form of a page.
    public Routes form(String path, Handler handler) {
        Answers at = at(HandlerType.POST, path);
        requireFree(at.page == null, path);
        at.page = handler;
        return this;
    }

    private Answers at(HandlerType method, String path) {
        return answers.computeIfAbsent(new Address(method, path), _ -> new Answers());
    }

    private static void requireFree(boolean free, String path) {
        if (!free) {
            throw new IllegalStateException("two parts of the server answer " + path);
        }
    }

    /// Every address, in the order in which they were added.
    public List<Route> all() {
        return answers.entrySet().stream()
                .map(entry -> new Route(entry.getKey().method(), entry.getKey().path(), audience(entry.getValue())))
                .toList();
    }

    private static Route.Audience audience(Answers at) {
        if (at.page == null) {
            return Route.Audience.PROGRAMS;
        }
        return at.json == null ? Route.Audience.PEOPLE : Route.Audience.BOTH;
    }

    /// Makes the server answer them.
    public void mount(JavalinConfig config) {
        answers.forEach((address, at) -> {
            Handler handler = context -> answer(context, at);
            config.routes.addHttpHandler(address.method(), address.path(), handler);
            if (address.method().equals(HandlerType.GET)) {
                // The same headers; Jetty leaves out the body.
                config.routes.addHttpHandler(HandlerType.HEAD, address.path(), handler);
            }
        });
    }

    private static void answer(Context context, Answers at) throws Exception {
        if (at.file != null) {
            at.file.handle(context);
        } else if (at.json != null && at.page != null) {
            context.header("Vary", "Accept");
            switch (Representation.of(context)) {
                case HTML -> at.page.handle(context);
                case JSON -> at.json.handle(context);
            }
        } else if (at.json != null) {
            at.json.handle(context);
        } else if (at.page != null) {
            at.page.handle(context);
        }
    }
}
