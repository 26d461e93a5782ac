package org.terrachange.raster.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.terrachange.raster.RasterException;

/// Asks a server for parts of one file (RFC 9110, chapter 14), again where that may help, and notices when the file
/// is replaced between two requests.
final class RangeRequests {
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int TIMED_OUT = 408;
    private static final int CHANGED = 412;
    private static final int UNSATISFIABLE = 416;
    private static final int TOO_MANY = 429;
    private static final int FIRST_SERVER_ERROR = 500;

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final String url;
    private final URI address;
    private final Patience patience;
    private final HttpClient client;

    RangeRequests(String url, Patience patience) throws RasterException {
        this.url = url;
        this.patience = patience;
        try {
            this.address = URI.create(url);
            HttpRequest.newBuilder(address);
        } catch (IllegalArgumentException e) {
            throw new RasterException(url, "is no valid address (" + e.getMessage() + ")", e);
        }
        this.client = HttpClient.newBuilder()
                .connectTimeout(patience.connect())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /// What identifies a version of a file.
    ///
    /// @param size bytes of the whole file
    /// @param tag the entity tag, empty where the server gives none
    /// @param modified the date of the last change as the server writes it, empty where it gives none
    record Version(long size, String tag, String modified) {

        /// Weak tags may not be compared by the server (RFC 9110, section 13.1.5).
        private boolean hasStrongTag() {
            return tag.startsWith("\"");
        }
    }

    /// Part of a file.
    record Part(byte[] bytes, Version version) {}

    /// A failure that may not happen again.
    private static final class Transient extends Exception {
        private static final long serialVersionUID = 1;

        Transient(String problem) {
            super(problem);
        }
    }

    /// Fetches the start of a file, or all of a short one.
    ///
    /// @throws RasterException if the file does not exist, may not be read, or cannot be read in parts
    Part first(int length) throws RasterException {
        return patiently(new ByteRange(0, length), Optional.empty());
    }

    /// Fetches a range that lies inside the file.
    ///
    /// @param range no longer than an array may be
    /// @throws RasterException if the file is no longer the version that was opened, or cannot be read
    byte[] fetch(ByteRange range, Version version) throws RasterException {
        return patiently(range, Optional.of(version)).bytes();
    }

    private Part patiently(ByteRange range, Optional<Version> expected) throws RasterException {
        long pause = patience.firstPause().toMillis();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(range, expected);
            } catch (Transient e) {
                if (attempt == patience.attempts()) {
                    throw new RasterException(
                            url,
                            "cannot be read: " + e.getMessage() + " (" + attempt + " attempts); try again later",
                            e);
                }
            }
            try {
                // Readers that failed together should not come back together.
                Thread.sleep(pause + (long) (pause * Math.random() / 2));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            pause *= 2;
        }
    }

    private Part once(ByteRange range, Optional<Version> expected) throws RasterException, Transient {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Range", "bytes=" + range.from() + "-" + (range.to() - 1))
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "TerraChange");
        expected.filter(Version::hasStrongTag).ifPresent(version -> request.header("If-Range", version.tag()));
        HttpResponse<byte[]> response = send(request.build(), (int) range.length());
        int status = response.statusCode();
        if (status == PARTIAL) {
            return part(range, response, expected);
        }
        if (status == OK || status == CHANGED || status == UNSATISFIABLE && expected.isPresent()) {
            throw expected.isPresent()
                    ? changed()
                    : new RasterException(
                            url,
                            "is on a server that sends whole files only and not the parts asked for; download the file "
                                    + "and give its path");
        }
        if (status == UNSATISFIABLE) {
            throw new RasterException(url, "is empty");
        }
        if (status >= FIRST_SERVER_ERROR || status == TOO_MANY || status == TIMED_OUT) {
            throw new Transient("the server answered with status " + status);
        }
        throw new RasterException(url, "cannot be read: the server answered with status " + status + meaning(status));
    }

    private static String meaning(int status) {
        return switch (status) {
            case 401, 403 -> ", so it wants a login or a signed address";
            case 404, 410 -> ", so there is no such file";
            default -> "";
        };
    }

    private HttpResponse<byte[]> send(HttpRequest request, int length) throws RasterException, Transient {
        AtomicLong heard = new AtomicLong(System.nanoTime());
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(
                request, answer -> new BoundedBody(answer.statusCode() == PARTIAL ? length : 0, heard));
        try {
            return answer(exchange, heard);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            throw interrupted(e);
        } catch (TimeoutException _) {
            exchange.cancel(true);
            throw new Transient(
                    "the server sent nothing for " + patience.silence().toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new Transient(
                    switch (e.getCause()) {
                        case HttpTimeoutException _ ->
                            "no connection within " + patience.connect().toSeconds() + " s";
                        case ConnectException _ -> "no connection to " + address.getAuthority();
                        case IOException io -> "the connection broke (" + io.getMessage() + ")";
                        case null, default -> "the request failed (" + e.getCause() + ")";
                    });
        }
    }

    /// Waits for an answer as long as any of it comes: the client's own timeout ends with its head, and how long a body
    /// takes depends on the line.
    private HttpResponse<byte[]> answer(CompletableFuture<HttpResponse<byte[]>> exchange, AtomicLong heard)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long left = patience.silence().toNanos() - (System.nanoTime() - heard.get());
            if (left <= 0) {
                throw new TimeoutException();
            }
            try {
                return exchange.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // Something may have come meanwhile.
            }
        }
    }

    private Part part(ByteRange range, HttpResponse<byte[]> response, Optional<Version> expected)
            throws RasterException, Transient {
        HttpHeaders headers = response.headers();
        Matcher stated =
                CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
        if (!stated.matches()) {
            throw new RasterException(url, "is on a server that does not say which part of the file it sends");
        }
        var version = new Version(
                Long.parseLong(stated.group(3)),
                headers.firstValue("ETag").orElse(""),
                headers.firstValue("Last-Modified").orElse(""));
        if (expected.isPresent() && !expected.get().equals(version)) {
            throw changed();
        }
        long end = Math.min(range.to(), version.size());
        if (Long.parseLong(stated.group(1)) != range.from() || Long.parseLong(stated.group(2)) != end - 1) {
            throw new Transient("the server sent " + stated.group() + " instead of the part asked for");
        }
        if (response.body().length != end - range.from()) {
            throw new Transient("the server sent " + response.body().length + " bytes of " + (end - range.from()));
        }
        return new Part(response.body(), version);
    }

    private RasterException changed() {
        return new RasterException(url, "was replaced on the server while it was read; open it again");
    }

    private RasterException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RasterException(url, "was not read to the end: the read was interrupted", e);
    }

    /// Ends the connections.
    void close() {
        client.shutdownNow();
    }
}
