package org.terrachange.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.server.fixture.BundledModels;
import org.terrachange.server.web.EventLog;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server on a free port, as its clients see it.
public final class RunningServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    static final String BOUNDARY = "a-boundary-of-the-tests";

    private final TerraChangeServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningServer(TerraChangeServer server) {
        this.server = server;
    }

    /// Options of a server with the bundled detector and no samples, on a free port.
    public static ServerOptions options(Path work) {
        return ServerOptions.of(work, BundledModels.detector())
                .withPort(0)
                .withSamples(false)
                .withCompute(ComputeMode.REFERENCE);
    }

    public static RunningServer start(ServerOptions options) throws IOException {
        return start(options, _ -> {});
    }

    /// @param log hears what the server says
    public static RunningServer start(ServerOptions options, EventLog log) throws IOException {
        return new RunningServer(TerraChangeServer.start(options, log));
    }

    /// A scene of noise with a place on the ground, as a GeoTIFF.
    ///
    /// @param size columns and rows
    public static byte[] scene(Path folder, int size, long seed) throws IOException {
        return scene(
                folder, Grid.of(size, size, Affine.northUp(500_000, 4_000_000, 0.5, 0.5), Crs.ofEpsg(32633)), seed);
    }

    /// A scene of noise on a grid, as a GeoTIFF.
    public static byte[] scene(Path folder, Grid grid, long seed) throws IOException {
        Path file = folder.resolve("scene-" + grid.width() + "-" + seed + ".tif");
        byte[][] bands = new byte[3][grid.width() * grid.height()];
        Random random = new Random(seed);
        for (byte[] band : bands) {
            random.nextBytes(band);
        }
        try (CogWriter writer = CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, 3))) {
            writer.append(PixelBlock.ofBytes(grid.window(), bands));
            writer.finish();
        }
        return Files.readAllBytes(file);
    }

    public TerraChangeServer server() {
        return server;
    }

    public URI uri(String path) {
        return server.address().resolve(path);
    }

    /// A request to be refined.
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    public HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    public HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    public HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send(posting(path, json));
    }

    /// A POST of JSON, to be refined.
    public HttpRequest.Builder posting(String path, String json) {
        return request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
    }

    public static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    public HttpResponse<String> upload(String name, byte[] content) throws IOException, InterruptedException {
        return send(request("/uploads")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(name, content))));
    }

    /// A form with one file.
    public static byte[] form(String name, byte[] content) {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(content);
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    /// Uploads an image and gives its reference.
    public String ref(String name, byte[] content) throws IOException, InterruptedException {
        HttpResponse<String> answer = upload(name, content);
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.body());
        }
        return json(answer).path("ref").asString();
    }

    /// The body that executes the process over two images.
    public static String execution(String before, String after) {
        return "{\"inputs\":{\"before\":\"" + before + "\",\"after\":\"" + after + "\"}}";
    }

    /// Queues a detection and gives the path of its job.
    public String queue(String before, String after) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(posting("/processes/detect-changes/execution", execution(before, after))
                .header("Prefer", "respond-async"));
        if (answer.statusCode() != 201) {
            throw new AssertionError(answer.body());
        }
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /// Waits until a job is finished, and gives its status.
    public String end(String job) throws IOException, InterruptedException {
        // The stream of events ends with the job.
        HttpResponse<String> events = send(request(job + "/events").timeout(Duration.ofMinutes(5)));
        return events.body()
                .substring(events.body().lastIndexOf("\"status\":\"") + 10)
                .split("\"", -1)[0];
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
        server.close();
        client.close();
    }
}
