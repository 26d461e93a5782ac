package org.terrachange.server.web;

import io.javalin.http.HttpStatus;
import java.io.Serial;
import java.util.HashMap;
import java.util.Map;

/// A request that is not answered as asked. Becomes a [Problem].
public final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int LONGEST_QUOTE = 100;

    private final HttpStatus status;
    private final String type;
    private final Map<String, String> headers;

    private Refusal(HttpStatus status, String type, String detail, Map<String, String> headers) {
        super(detail, null, false, false);
        this.status = status;
        this.type = type;
        this.headers = Map.copyOf(headers);
    }

    /// @param detail what happened and what to do, for people
    public static Refusal of(HttpStatus status, String detail) {
        return new Refusal(status, Problem.UNTYPED, detail, Map.of());
    }

    /// The request cannot be understood.
    public static Refusal badRequest(String detail) {
        return of(HttpStatus.BAD_REQUEST, detail);
    }

    /// The thing does not exist, or not any more.
    public static Refusal notFound(String detail) {
        return of(HttpStatus.NOT_FOUND, detail);
    }

    /// The request is understood, but what it asks for is impossible.
    public static Refusal unprocessable(String detail) {
        return of(HttpStatus.UNPROCESSABLE_CONTENT, detail);
    }

    /// The same refusal, of a kind that programs can tell from others.
    ///
    /// @param uri names the kind
    public Refusal withType(String uri) {
        return new Refusal(status, uri, detail(), headers);
    }

    /// The same refusal with one more header.
    public Refusal withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Refusal(status, type, detail(), more);
    }

    public HttpStatus status() {
        return status;
    }

    public String type() {
        return type;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public Map<String, String> headers() {
        return headers;
    }

    /// Text of a request as it may stand in an answer: short, and without what a terminal would obey.
    public static String quoted(String text) {
        String line = text.replaceAll("\\p{C}+", " ");
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "...";
    }
}
