package org.terrachange.server.web;

import io.javalin.http.Context;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// In which form an answer is wanted: OGC API's `f` in the query, else the header `Accept`.
public enum Representation {
    HTML,
    JSON;

    private static final String ACCEPT = "Accept";
    private static final String FORMAT = "f";

    /// The form that a request asks for; JSON unless it prefers HTML, as browsers do.
    ///
    /// @throws Refusal for an `f` that is neither `html` nor `json`
    public static Representation of(Context context) {
        String format = context.queryParam(FORMAT);
        if (format != null) {
            return switch (format.toLowerCase(Locale.ROOT)) {
                case "html" -> HTML;
                case "json" -> JSON;
                default -> throw Refusal.badRequest("f must be html or json, got '" + Refusal.quoted(format) + "'");
            };
        }
        return ofAccept(context.header(ACCEPT));
    }

    /// [#of] for an error, where another error would not help.
    static Representation ofLenient(Context context) {
        String format = Objects.requireNonNullElse(context.queryParam(FORMAT), "");
        return switch (format.toLowerCase(Locale.ROOT)) {
            case "html" -> HTML;
            case "json" -> JSON;
            default -> ofAccept(context.header(ACCEPT));
        };
    }

    /// Of the two, the one with the greater weight (RFC 9110, section 12.5.1); HTML where both are named alike
    /// and it stands first, as in what browsers send.
    static Representation ofAccept(@Nullable String accept) {
        if (accept == null) {
            return JSON;
        }
        double html = 0;
        double json = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            String type = parts[0].strip().toLowerCase(Locale.ROOT);
            double weight = weight(parts);
            if (type.equals("text/html") || type.equals("application/xhtml+xml")) {
                html = Math.max(html, weight);
            } else if (type.equals("application/json") || type.endsWith("+json")) {
                json = Math.max(json, weight);
            }
        }
        return html > json ? HTML : JSON;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Math.clamp(Double.parseDouble(parameter.substring(2)), 0, 1);
                } catch (NumberFormatException _) {
                    return 1;
                }
            }
        }
        return 1;
    }
}
