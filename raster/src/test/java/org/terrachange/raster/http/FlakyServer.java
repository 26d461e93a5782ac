package org.terrachange.raster.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Serves one file by byte range, and fails as told.
public final class FlakyServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedDeque<Fault> faults = new ConcurrentLinkedDeque<>();
    private volatile byte[] content;
    private volatile String tag = "\"first\"";
    private volatile boolean honoursRanges = true;
    private volatile boolean slow;

    /// What goes wrong with a request.
    public enum Fault {
        /// Status 503.
        OVERLOADED,
        /// The connection is closed without an answer.
        RESET,
        /// Half of the body arrives, then the connection is closed.
        CUT,
        /// Nothing is answered for a second.
        STALL,
        /// The body has not the length that the server promises.
        OTHER_RANGE
    }

    public FlakyServer(byte[] content) throws IOException {
        this.content = content.clone();
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url(String path) {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + path;
    }

    /// The ranges asked for so far, such as `0-65535`.
    public List<String> ranges() {
        return ranges;
    }

    /// Lets the next requests fail, one after the other.
    public void fail(Fault... next) {
        faults.addAll(List.of(next));
    }

    /// Lets nothing more fail.
    public void recover() {
        faults.clear();
    }

    /// Puts another file in the place of the present one.
    public void replace(byte[] other) {
        content = other.clone();
        tag = "\"second\"";
    }

    /// Sends bodies in ten pieces from now on, with a tenth of a second between them.
    public void crawl() {
        slow = true;
    }

    /// Answers with whole files from now on, as servers may that do not know ranges.
    public void ignoreRanges() {
        honoursRanges = false;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            Matcher range =
                    RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            if (path.equals("/moved.tif")) {
                exchange.getResponseHeaders().set("Location", "/scene.tif");
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            if (!path.equals("/scene.tif")) {
                exchange.sendResponseHeaders(path.equals("/secret.tif") ? 403 : 404, -1);
                return;
            }
            exchange.getResponseHeaders().set("ETag", tag);
            String condition = exchange.getRequestHeaders().getFirst("If-Range");
            if (!honoursRanges || !range.matches() || condition != null && !condition.equals(tag)) {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
                return;
            }
            ranges.add(range.group(1) + "-" + range.group(2));
            send(exchange, Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
        }
    }

    private void send(HttpExchange exchange, int from, int last) throws IOException {
        int end = Math.min(last + 1, content.length);
        if (from >= end) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        int length = end - from;
        switch (faults.poll()) {
            case null -> {}
            case OVERLOADED -> {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            case RESET -> {
                return;
            }
            case CUT -> {
                exchange.getResponseHeaders().set("Content-Range", range(from, end));
                exchange.sendResponseHeaders(206, length);
                exchange.getResponseBody().write(content, from, length / 2);
                exchange.getResponseBody().flush();
                return;
            }
            case STALL -> sleep(1000);
            case OTHER_RANGE -> end--;
        }
        exchange.getResponseHeaders().set("Content-Range", range(from, end));
        exchange.sendResponseHeaders(206, end - from);
        int piece = slow ? Math.ceilDiv(end - from, 10) : end - from;
        for (int at = from; at < end; at += piece) {
            exchange.getResponseBody().write(content, at, Math.min(piece, end - at));
            if (slow) {
                exchange.getResponseBody().flush();
                sleep(100);
            }
        }
    }

    private String range(int from, int end) {
        return "bytes " + from + "-" + (end - 1) + "/" + content.length;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
