package org.terrachange.hub.download;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What status and headers of an answer mean to somebody who has the first bytes of a file and wants the rest
/// (RFC 9110).
sealed interface Answer {
    /// `bytes FIRST-LAST/TOTAL`.
    Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /// The rest follows.
    ///
    /// @param total bytes of the whole file
    record Continues(long total) implements Answer {}

    /// The whole file follows, from its first byte on.
    ///
    /// @param total its bytes, 0 where the server does not say
    record Begins(long total) implements Answer {}

    /// There is no rest: all is here.
    record NothingMore() implements Answer {}

    /// What is here belongs to no file that the server has.
    record Outdated() implements Answer {}

    /// Not now.
    ///
    /// @param pause how long the server asks to be left alone, where it does
    record Busy(String problem, Optional<Duration> pause) implements Answer {}

    /// Not at all.
    record Refused(String problem) implements Answer {}

    /// @param asked the address that was asked
    /// @param have bytes that are here; the request asked for those from there on, unless it is 0
    /// @param known what is known of the version that they belong to, if the same address gave them
    static Answer of(URI asked, int status, HttpHeaders headers, long have, Optional<PartState> known) {
        return switch (status) {
            case 200 -> whole(headers);
            case 206 -> rest(headers, have, known);
            case 416 ->
                headers.firstValue("Content-Range")
                                .filter(("bytes */" + have)::equals)
                                .isPresent()
                        ? new NothingMore()
                        : new Outdated();
            case 408, 429, 500, 502, 503, 504 ->
                new Busy(words(status), headers.firstValue("Retry-After").flatMap(text -> pause(text, Instant.now())));
            case 300, 301, 302, 303, 307, 308 -> new Refused(redirection(asked, headers));
            default -> new Refused(words(status));
        };
    }

    private static Answer whole(HttpHeaders headers) {
        String type = headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("text/html")) {
            return new Refused("sends a web page instead of the file, perhaps one to log in or to accept terms");
        }
        return new Begins(headers.firstValueAsLong("Content-Length").orElse(0));
    }

    private static Answer rest(HttpHeaders headers, long have, Optional<PartState> known) {
        Matcher range =
                CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != have) {
            return new Outdated();
        }
        long total = Long.parseLong(range.group(3));
        String tag = headers.firstValue("ETag").orElse("");
        boolean other = known.isPresent()
                && ((known.get().total() != 0 && known.get().total() != total)
                        || (!tag.isEmpty()
                                && !known.get().tag().isEmpty()
                                && !known.get().tag().equals(tag)));
        return other ? new Outdated() : new Continues(total);
    }

    private static String redirection(URI asked, HttpHeaders headers) {
        // The query of such addresses often holds a key.
        String target = headers.firstValue("Location").orElse("").replaceFirst("\\?.*", "");
        boolean downwards = "https".equalsIgnoreCase(asked.getScheme())
                && target.toLowerCase(Locale.ROOT).startsWith("http:");
        return downwards
                ? "redirects from https to plain http, which is not followed"
                : "redirects too often or to nowhere" + (target.isEmpty() ? "" : " (last to " + target + ")");
    }

    private static String words(int status) {
        return "answered with status " + status
                + switch (status) {
                    case 401, 403 -> " (access denied)";
                    case 404, 410 -> " (no such file)";
                    case 407 ->
                        " (the proxy wants a name and a password: give them as"
                                + " HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT)";
                    case 429 -> " (too many requests)";
                    case 500, 502, 503, 504 -> " (trouble at the server)";
                    default -> "";
                };
    }

    /// Seconds or a date (RFC 9110, section 10.2.3).
    static Optional<Duration> pause(String text, Instant now) {
        try {
            Duration asked = text.strip().matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text.strip()))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return Optional.of(asked.isNegative() ? Duration.ZERO : asked);
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
