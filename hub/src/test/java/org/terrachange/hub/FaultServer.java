package org.terrachange.hub;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Serves one file at an address for each way in which servers fail. Needs nothing but the JDK, so that
/// `scripts/hub-faults.sh` can start it from its source.
final class FaultServer implements Closeable {
    private static final int BLOCK = 1 << 14;
    private static final int SLOW_BLOCK = 1 << 12;
    private static final int SLOW_MILLIS = 10;
    private static final int SILENCE_MILLIS = 60_000;

    /// What goes wrong. The address is the name in small letters.
    enum Fault {
        /// Nothing.
        GOOD,
        /// Every connection breaks after a third of the file.
        CUTS,
        /// The first two connections break before an answer.
        RESETS,
        /// The first connection breaks; ranges are not known here.
        IGNORES_RANGES,
        /// Every transfer ends with other bytes than the file has.
        WRONG,
        /// Status 403.
        FORBIDDEN,
        /// Status 404.
        MISSING,
        /// Status 429 once, to be asked again after a second.
        BUSY,
        /// Status 429, to be asked again tomorrow.
        CLOSED,
        /// Status 500.
        BROKEN,
        /// Status 500, then 503, then the file.
        SHAKY,
        /// The first transfer falls silent in the middle.
        STALLS,
        /// No request is ever answered.
        SILENT,
        /// More bytes are promised than there are.
        PROMISES_MORE,
        /// Fewer bytes are promised than there are.
        PROMISES_LESS,
        /// There is no length, and no end.
        ENDLESS,
        /// There is no length, but an end.
        CHUNKED,
        /// The first transfer breaks; then there is another file, and the server says so when asked.
        CHANGES,
        /// The first transfer breaks; then there is another file, and the server goes on with it all the same.
        CHANGES_SILENTLY,
        /// A redirection to the file.
        MOVED,
        /// A redirection to itself.
        CIRCLE,
        /// A web page with status 200.
        PAGE,
        /// Some hundred kilobytes a second.
        SLOW;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static Fault of(String label) {
            return Arrays.stream(values())
                    .filter(fault -> fault.label().equals(label))
                    .findFirst()
                    .orElse(MISSING);
        }
    }

    /// A request that came.
    ///
    /// @param headers by their names in small letters
    record Request(Fault fault, String target, Map<String, String> headers) {
        /// First byte that was asked for.
        int from() {
            String range = headers.getOrDefault("range", "bytes=0-");
            return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
        }
    }

    private final byte[] content;
    private final byte[] other;
    private final ServerSocket socket;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<Fault, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    FaultServer(byte[] content) throws IOException {
        this.content = content.clone();
        this.other = content.clone();
        for (int i = other.length / 4; i < other.length; i++) {
            other[i] ^= 1;
        }
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// Weights that any reader accepts: a safetensors file with one tensor of chance.
    static byte[] weights(int bytes, long seed) {
        String header = "{\"weight\":{\"dtype\":\"U8\",\"shape\":[" + bytes + "],\"data_offsets\":[0," + bytes + "]}}";
        header += " ".repeat((8 - header.length() % 8) % 8);
        byte[] values = new byte[bytes];
        new Random(seed).nextBytes(values);
        return ByteBuffer.allocate(Long.BYTES + header.length() + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .put(values)
                .array();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    String url(Fault fault) {
        return "http://127.0.0.1:" + port() + "/" + fault.label() + "/model.safetensors";
    }

    /// The requests so far, in the order in which they came.
    List<Request> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                OutputStream out = new BufferedOutputStream(connection.getOutputStream(), BLOCK)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            if (line == null) {
                return;
            }
            String target = line.split(" ")[1];
            Map<String, String> headers = new HashMap<>();
            for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            // A proxy is asked with the whole address.
            String path = target.replaceFirst("^http://[^/]*", "");
            Request request = new Request(Fault.of(path.split("/")[1]), target, headers);
            requests.add(request);
            answer(
                    request,
                    counts.computeIfAbsent(request.fault(), _ -> new AtomicInteger())
                            .incrementAndGet(),
                    out);
            out.flush();
        } catch (IOException | InterruptedException _) {
            // The client has gone, as clients do here.
        } finally {
            open.remove(connection);
        }
    }

    private void answer(Request request, int count, OutputStream out) throws IOException, InterruptedException {
        int third = content.length / 3 + 1;
        int half = content.length / 2;
        switch (request.fault()) {
            case GOOD -> file(out, request, content, "\"good\"", content.length);
            case CUTS -> file(out, request, content, "\"cuts\"", third);
            case RESETS -> {
                if (count > 2) {
                    file(out, request, content, "\"resets\"", content.length);
                }
            }
            case IGNORES_RANGES -> {
                head(out, "200 OK", "Content-Length: " + content.length);
                out.write(content, 0, count == 1 ? half : content.length);
            }
            case WRONG -> file(out, request, other, "\"wrong\"", content.length);
            case FORBIDDEN -> head(out, "403 Forbidden", "Content-Length: 0");
            case MISSING -> head(out, "404 Not Found", "Content-Length: 0");
            case BUSY -> {
                if (count == 1) {
                    head(out, "429 Too Many Requests", "Content-Length: 0", "Retry-After: 1");
                } else {
                    file(out, request, content, "\"busy\"", content.length);
                }
            }
            case CLOSED -> head(out, "429 Too Many Requests", "Content-Length: 0", "Retry-After: 86400");
            case BROKEN -> head(out, "500 Internal Server Error", "Content-Length: 0");
            case SHAKY -> {
                if (count <= 2) {
                    head(out, count == 1 ? "500 Internal Server Error" : "503 Unavailable", "Content-Length: 0");
                } else {
                    file(out, request, content, "\"shaky\"", content.length);
                }
            }
            case STALLS -> {
                file(out, request, content, "\"stalls\"", count == 1 ? half : content.length);
                if (count == 1) {
                    out.flush();
                    Thread.sleep(SILENCE_MILLIS);
                }
            }
            case SILENT -> Thread.sleep(SILENCE_MILLIS);
            case PROMISES_MORE -> {
                if (request.from() >= content.length) {
                    head(out, "416 Range Not Satisfiable", "Content-Range: bytes */" + content.length);
                } else {
                    head(out, "200 OK", "Content-Length: " + (content.length + 1000), "ETag: \"more\"");
                    out.write(content);
                }
            }
            case PROMISES_LESS -> {
                head(out, "200 OK", "Content-Length: " + half);
                out.write(content);
            }
            case ENDLESS -> {
                head(out, "200 OK");
                while (true) {
                    out.write(content);
                }
            }
            case CHUNKED -> {
                head(out, "200 OK", "Transfer-Encoding: chunked");
                for (int at = 0; at < content.length; at += BLOCK) {
                    int length = Math.min(BLOCK, content.length - at);
                    out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.write(content, at, length);
                    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            case CHANGES -> {
                if (count == 1) {
                    file(out, request, other, "\"old\"", half);
                } else {
                    file(out, request, content, "\"new\"", content.length);
                }
            }
            case CHANGES_SILENTLY -> {
                if (count == 1) {
                    file(out, request, other, "\"old\"", half);
                } else {
                    Map<String, String> unconditional = new HashMap<>(request.headers());
                    unconditional.remove("if-range");
                    Request plain = new Request(request.fault(), request.target(), unconditional);
                    file(out, plain, content, "\"new\"", content.length);
                }
            }
            case MOVED -> head(out, "302 Found", "Location: " + url(Fault.GOOD), "Content-Length: 0");
            case CIRCLE -> head(out, "302 Found", "Location: " + url(Fault.CIRCLE), "Content-Length: 0");
            case PAGE -> {
                head(out, "200 OK", "Content-Type: text/html; charset=utf-8", "Content-Length: 13");
                out.write("<html></html>".getBytes(StandardCharsets.US_ASCII));
            }
            case SLOW -> slowly(out, request);
        }
    }

    /// The file, or the range of it that was asked for, but no more than some bytes of either.
    private static void file(OutputStream out, Request request, byte[] bytes, String tag, int most) throws IOException {
        int from = begin(out, request, bytes, tag);
        out.write(bytes, from, Math.min(most, bytes.length - from));
    }

    private void slowly(OutputStream out, Request request) throws IOException, InterruptedException {
        for (int at = begin(out, request, content, "\"slow\""); at < content.length; at += SLOW_BLOCK) {
            out.write(content, at, Math.min(SLOW_BLOCK, content.length - at));
            out.flush();
            Thread.sleep(SLOW_MILLIS);
        }
    }

    private static int begin(OutputStream out, Request request, byte[] bytes, String tag) throws IOException {
        String condition = request.headers().getOrDefault("if-range", tag);
        int from = condition.equals(tag) ? request.from() : 0;
        if (from == 0) {
            head(out, "200 OK", "Content-Length: " + bytes.length, "ETag: " + tag, "Accept-Ranges: bytes");
        } else {
            head(
                    out,
                    "206 Partial Content",
                    "Content-Length: " + (bytes.length - from),
                    "Content-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length,
                    "ETag: " + tag);
        }
        return from;
    }

    private static void head(OutputStream out, String status, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        out.write(text.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    /// A registry with one model for each fault, named after it.
    private String registry() {
        List<String> items = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            items.add("""
                    {"name": "%s", "file": "%s.safetensors", "urls": ["%s"], "bytes": %d, "sha256": "%s",
                     "task": "image-encoder", "layout": "none", "normalization": "none", "licence": "none",
                     "description": "A server that fails."}""".formatted(fault.label(), fault.label(), url(fault), content.length, sha256(content)));
        }
        return "{\"models\": [" + String.join(",\n", items) + "]}";
    }

    /// Serves until it is killed.
    ///
    /// @param arguments the file to write a registry of the faulty models to, once the server is ready; then the
    ///     length of the served file in bytes
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (FaultServer server = new FaultServer(weights(Integer.parseInt(arguments[1]), 1))) {
            Path file = Path.of(arguments[0]);
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, server.registry());
            Files.move(fresh, file);
            Thread.currentThread().join();
        }
    }
}
