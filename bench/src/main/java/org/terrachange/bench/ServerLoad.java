package org.terrachange.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Puts load on a running `terrachange demo` as people do who look at pages, move maps and search, each with a
/// pause between two requests, while detections run one after the other; prints how long answers took, what
/// failed, and the memory of the server.
public final class ServerLoad {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Longest pause of a client between two requests; the mean is half of it.
    private static final int PAUSE_MILLIS = 6_000;

    private static final List<String> PAGES = List.of(
            "/detect",
            "/examples",
            "/search",
            "/model",
            "/jobs",
            "/scenes",
            "/jobs?f=json",
            "/health",
            "/openapi.json");
    private static final List<String> QUESTIONS = List.of(
            "new houses along a road",
            "a large building was constructed",
            "trees were cut down for houses",
            "nothing has changed",
            "a cat sleeps on a windowsill");

    private final URI server;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Map<String, List<Double>> milliseconds = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();

    private ServerLoad(URI server) {
        this.server = server;
    }

    /// @param arguments address of the server, its process, minutes (10), clients (200)
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 2) {
            System.err.println("usage: ServerLoad ADDRESS PROCESS [MINUTES [CLIENTS]]");
            System.exit(2);
        }
        int minutes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        int clients = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 200;
        new ServerLoad(URI.create(arguments[0])).run(Path.of("/proc", arguments[1], "status"), minutes, clients);
    }

    private void run(Path process, int minutes, int clients) throws IOException, InterruptedException {
        while (!json("/scenes").toString().contains("sample:suburb")) {
            Thread.sleep(500);
        }
        String job = detection();
        while (!status(job).equals("successful")) {
            Thread.sleep(500);
        }
        List<String> tiles = tiles(job);
        System.out.printf(Locale.ROOT, "%d clients, %d tiles of %s%n", clients, tiles.size(), job);
        System.out.println("| minute | requests | resident MB | failures |");
        System.out.println("|---|---|---|---|");
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                SplittableRandom random = new SplittableRandom(i);
                people.submit(() -> {
                    while (System.nanoTime() < end) {
                        one(random, tiles);
                        Thread.sleep(random.nextInt(PAUSE_MILLIS));
                    }
                    return null;
                });
            }
            people.submit(() -> {
                detections(end);
                return null;
            });
            for (int minute = 1; minute <= minutes; minute++) {
                Thread.sleep(Duration.ofMinutes(1));
                System.out.printf(
                        Locale.ROOT, "| %d | %,d | %,d | %s |%n", minute, requests(), resident(process), failed());
            }
        }
        System.out.println("| kind | requests | p50 ms | p99 ms | longest ms |");
        System.out.println("|---|---|---|---|---|");
        milliseconds.forEach((kind, times) -> {
            double[] sorted =
                    times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %,d | %.0f | %.0f | %.0f |%n",
                    kind,
                    sorted.length,
                    sorted[sorted.length / 2],
                    sorted[(int) (0.99 * (sorted.length - 1))],
                    sorted[sorted.length - 1]);
        });
    }

    private void one(SplittableRandom random, List<String> tiles) throws InterruptedException {
        int kind = random.nextInt(10);
        if (kind < 3) {
            get("page", PAGES.get(random.nextInt(PAGES.size())));
        } else if (kind < 8) {
            get("tile", tiles.get(random.nextInt(tiles.size())));
        } else {
            get(
                    "search",
                    "/search?f=json&q="
                            + QUESTIONS.get(random.nextInt(QUESTIONS.size())).replace(" ", "+"));
        }
    }

    /// Keeps the detector busy until the end.
    private void detections(long end) throws IOException, InterruptedException {
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            String job = detection();
            String status = "accepted";
            while (status.equals("accepted") || status.equals("running")) {
                Thread.sleep(500);
                status = status(job);
            }
            record("detection", start, status.equals("successful") ? 200 : 500);
        }
    }

    private void get(String kind, String address) throws InterruptedException {
        long start = System.nanoTime();
        try {
            record(
                    kind,
                    start,
                    send(HttpRequest.newBuilder(server.resolve(address))
                                    .header("Accept", kind.equals("page") ? "text/html" : "*/*"))
                            .statusCode());
        } catch (IOException e) {
            failure(kind + " " + e.getClass().getSimpleName());
        }
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
    }

    private String detection() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(server.resolve("/processes/detect-changes/execution"))
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"inputs\": {\"before\": \"sample:suburb/before\", \"after\": \"sample:suburb/after\"}}")));
        return answer.headers()
                .firstValue("Location")
                .orElseThrow(
                        () -> new IOException("no job was made: " + new String(answer.body(), StandardCharsets.UTF_8)));
    }

    private String status(String job) throws IOException, InterruptedException {
        return json(job + "?f=json").path("status").asString();
    }

    private JsonNode json(String address) throws IOException, InterruptedException {
        return JSON.readTree(
                send(HttpRequest.newBuilder(server.resolve(address))).body());
    }

    /// The addresses of all tiles of a job's layers at its two deepest zooms.
    private List<String> tiles(String job) throws IOException, InterruptedException {
        JsonNode tiles = json(job + "/view").path("tiles");
        double[] extent = {
            tiles.path("extent").get(0).asDouble(),
            tiles.path("extent").get(1).asDouble(),
            tiles.path("extent").get(2).asDouble(),
            tiles.path("extent").get(3).asDouble()
        };
        double world = 20_037_508.342789244;
        int deepest = tiles.path("max_zoom").asInt();
        List<String> addresses = new ArrayList<>();
        for (int zoom = Math.max(0, deepest - 1); zoom <= deepest; zoom++) {
            double side = 2 * world / (1L << zoom);
            for (int x = (int) ((extent[0] + world) / side); x <= (int) ((extent[2] + world) / side); x++) {
                for (int y = (int) ((world - extent[3]) / side); y <= (int) ((world - extent[1]) / side); y++) {
                    for (String layer : List.of("before", "after", "probability")) {
                        addresses.add(job + "/tiles/" + layer + "/" + zoom + "/" + x + "/" + y + ".png");
                    }
                }
            }
        }
        return addresses;
    }

    private synchronized void record(String kind, long start, int status) {
        if (status >= 400) {
            failure(kind + " " + status);
        } else {
            milliseconds.computeIfAbsent(kind, _ -> new ArrayList<>()).add((System.nanoTime() - start) / 1e6);
        }
    }

    private synchronized void failure(String what) {
        failures.merge(what, 1, Integer::sum);
    }

    private synchronized String failed() {
        return failures.isEmpty() ? "none" : failures.toString();
    }

    private synchronized int requests() {
        return milliseconds.values().stream().mapToInt(List::size).sum();
    }

    private static long resident(Path process) throws IOException {
        return Files.readAllLines(process).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1000)
                .findFirst()
                .orElse(0);
    }
}
