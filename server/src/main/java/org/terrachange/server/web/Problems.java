package org.terrachange.server.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.Map;
import org.eclipse.jetty.io.EofException;

/// Turns whatever goes wrong into a [Problem]: JSON for programs, a page for people.
public final class Problems {
    private final ErrorPage page;
    private final EventLog log;

    public Problems(ErrorPage page, EventLog log) {
        this.page = page;
        this.log = log;
    }

    public void mount(JavalinConfig config) {
        config.routes.exception(Refusal.class, (e, context) -> {
            e.headers().forEach(context::header);
            answer(context, e.status(), e.type(), e.detail());
        });
        config.routes.exception(
                HttpResponseException.class,
                (e, context) ->
                        answer(context, HttpStatus.forStatus(e.getStatus()), Problem.UNTYPED, detail(e, context)));
        config.routes.exception(EofException.class, (_, _) -> {
            // The client is gone: there is nobody to answer, and nothing to say.
        });
        config.routes.exception(Exception.class, (e, context) -> {
            log.say(context.method() + " " + Refusal.quoted(context.path()) + ": " + e);
            answer(
                    context,
                    HttpStatus.INTERNAL_SERVER_ERROR,
                    Problem.UNTYPED,
                    "an error in the server itself; its log says more");
        });
    }

    private static String detail(HttpResponseException e, Context context) {
        return switch (e.getStatus()) {
            case 404 -> "there is nothing at " + Refusal.quoted(context.path());
            case 405 ->
                context.method() + " is not possible at " + Refusal.quoted(context.path()) + allowed(e.getDetails());
            default -> Refusal.quoted(String.valueOf(e.getMessage()));
        };
    }

    private static String allowed(Map<String, String> details) {
        return details.containsKey("availableMethods") ? "; use " + details.get("availableMethods") : "";
    }

    private void answer(Context context, HttpStatus status, String type, String detail) {
        Problem problem =
                new Problem(type, status.getMessage(), status.getCode(), detail, Refusal.quoted(context.path()));
        UnreadBody.drain(context);
        context.status(status);
        switch (Representation.ofLenient(context)) {
            case HTML -> context.html(page.of(problem));
            case JSON -> Json.answer(context, problem, Problem.MEDIA_TYPE);
        }
    }
}
