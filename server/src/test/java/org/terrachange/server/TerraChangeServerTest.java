package org.terrachange.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.terrachange.server.RunningServer.json;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import tools.jackson.databind.JsonNode;

class TerraChangeServerTest {
    private static final int SIZE = 96;

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static String before;
    private static String after;
    private static String finished;

    @BeforeAll
    static void startAndDetect() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data/town"));
        Files.write(data.resolve("park_before.tif"), RunningServer.scene(folder, SIZE, 1));
        Files.write(data.resolve("park_after.tif"), RunningServer.scene(folder, SIZE, 2));
        Files.writeString(folder.resolve("secret.tif"), "secret");
        server = RunningServer.start(
                RunningServer.options(folder.resolve("work")).withData(folder.resolve("data")));
        before = server.ref("before.tif", RunningServer.scene(folder, SIZE, 1));
        after = server.ref("after.tif", RunningServer.scene(folder, SIZE, 2));
        finished = server.queue(before, after);
        assertThat(server.end(finished)).isEqualTo("successful");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("title").asString()).isNotBlank();
    }

    @Test
    void anUploadIsUnderstoodByItsContentWhateverItsName() throws Exception {
        HttpResponse<String> answer = server.upload("../../etc/holiday.exe", RunningServer.scene(folder, SIZE, 3));

        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode image = json(answer);
        assertThat(image.path("name").asString()).isEqualTo("holiday.exe");
        assertThat(image.path("format").asString()).isEqualTo("GTiff");
        assertThat(image.path("width").asInt()).isEqualTo(SIZE);
        assertThat(image.path("crs").asString()).isEqualTo("EPSG:32633");
        assertThat(image.path("bounds_lonlat").get(0).asDouble()).isBetween(14.9, 15.1);
        String address = answer.headers().firstValue("Location").orElseThrow();
        assertThat(json(server.get(address))).isEqualTo(image);
    }

    @Test
    void anUploadHasAPreviewAndCanBeDeleted() throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), "png", png);
        HttpResponse<String> answer = server.upload("plain.png", png.toByteArray());
        String address = answer.headers().firstValue("Location").orElseThrow();
        assertThat(json(answer).path("georeferenced").asBoolean()).isFalse();

        HttpResponse<byte[]> preview = server.bytes(server.request(address + "/preview.png"));
        assertThat(ImageIO.read(new ByteArrayInputStream(preview.body())).getWidth())
                .isEqualTo(40);

        assertThat(server.delete(address).statusCode()).isEqualTo(204);
        assertProblem(server.get(address), 404);
        assertProblem(server.get(address + "/preview.png"), 404);
        assertProblem(server.delete(address), 404);
    }

    @Test
    void filesThatAreNoImageAreRefused() throws Exception {
        for (String content :
                List.of("", "hello", "<VRTDataset rasterXSize=\"1\"/>", "\u0089HDF\r\n", "%PDF-1.7", "{}")) {
            assertProblem(server.upload("image.tif", content.getBytes(StandardCharsets.ISO_8859_1)), 415);
        }
        assertProblem(server.upload("image.tif", "II*\0 and no more".getBytes(StandardCharsets.ISO_8859_1)), 422);
    }

    @Test
    void aPairIsCheckedBeforeItIsDetected() throws Exception {
        HttpResponse<String> answer =
                server.post("/pairs/check", "{\"before\":\"" + before + "\",\"after\":\"" + after + "\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode check = json(answer);
        assertThat(check.path("overlap").asDouble()).isEqualTo(1);
        assertThat(check.path("grid").path("width").asInt()).isEqualTo(SIZE);
        assertThat(check.path("before").path("name").asString()).isEqualTo("before.tif");
    }

    @Test
    void aPairThatDoesNotFitIsRefusedWithTheReason() throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), "png", png);
        String plain = server.ref("plain.png", png.toByteArray());

        HttpResponse<String> answer =
                server.post("/pairs/check", "{\"before\":\"" + plain + "\",\"after\":\"" + after + "\"}");
        assertProblem(answer, 422);
        assertThat(answer.body()).contains("differ in size");
        assertThat(server.end(server.queue(plain, after))).isEqualTo("failed");
    }

    @Test
    void aFinishedJobGivesEveryProduct() throws Exception {
        JsonNode results = json(server.get(finished + "/results"));

        assertThat(results.propertyNames())
                .contains("probability", "mask", "changes", "changes_gpkg", "overlay", "report", "summary");
        for (JsonNode result : results) {
            HttpResponse<byte[]> product =
                    server.bytes(server.request(result.path("href").asString()));
            assertThat(product.statusCode()).isEqualTo(200);
            assertThat(product.body()).hasSize(result.path("length").asInt());
            assertThat(product.headers().firstValue("Content-Type").orElseThrow())
                    .isEqualTo(result.path("type").asString());
        }
        JsonNode summary = json(server.get(finished + "/results/summary.json"));
        assertThat(summary.path("before").asString()).isEqualTo("before.tif");
    }

    @Test
    void nothingOfAResultTellsWhereOnTheServerItLies() throws Exception {
        for (String file :
                List.of("summary.json", "report.html", "changes.geojson", "probability.tif", "changes.gpkg")) {
            byte[] product =
                    server.bytes(server.request(finished + "/results/" + file)).body();
            assertThat(new String(product, StandardCharsets.ISO_8859_1)).doesNotContain(folder.toString());
        }
    }

    @Test
    void aReportMayUseItsOwnStyleAndNothingElse() throws Exception {
        HttpResponse<String> report = server.get(finished + "/results/report.html");

        assertThat(report.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("style-src 'unsafe-inline'")
                .doesNotContain("script-src");
    }

    @Test
    void partsOfAProductCanBeRead() throws Exception {
        String product = finished + "/results/probability.tif";
        byte[] whole = server.bytes(server.request(product)).body();
        HttpResponse<byte[]> part = server.bytes(server.request(product).header("Range", "bytes=4-11"));
        HttpResponse<byte[]> tail = server.bytes(server.request(product).header("Range", "bytes=-5"));
        HttpResponse<String> beyond = server.send(server.request(product).header("Range", "bytes=999999999-"));
        HttpResponse<byte[]> head =
                server.bytes(server.request(product).method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody()));

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(whole, 4, 12));
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 4-11/" + whole.length);
        assertThat(tail.body()).isEqualTo(java.util.Arrays.copyOfRange(whole, whole.length - 5, whole.length));
        assertProblem(beyond, 416);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length")).contains("" + whole.length);
        String tag = head.headers().firstValue("ETag").orElseThrow();
        assertThat(server.get(product).statusCode()).isEqualTo(200);
        assertThat(server.send(server.request(product).header("If-None-Match", tag))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void onlyProductsAreGivenOut() throws Exception {
        for (String name :
                List.of("jobs.db", "..%2F..%2Fjobs.db", "%2e%2e", "probability.tif%00", "before.tif", "changes.fgb")) {
            assertThat(server.get(finished + "/results/" + name).statusCode())
                    .as(name)
                    .isIn(400, 404);
        }
    }

    @Test
    void aSynchronousExecutionAnswersWithTheResults() throws Exception {
        HttpResponse<String> answer = server.post(
                "/processes/detect-changes/execution",
                RunningServer.execution("data:town/park_before.tif", "data:town/park_after.tif"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).propertyNames()).contains("probability");
        String job = answer.headers().firstValue("Link").orElseThrow();
        assertThat(job).contains("rel=\"monitor\"");
    }

    @Test
    void resultsOutliveTheUploadsTheyCameFrom() throws Exception {
        String first = server.ref("a.tif", RunningServer.scene(folder, SIZE, 4));
        String second = server.ref("b.tif", RunningServer.scene(folder, SIZE, 5));
        String job = server.queue(first, second);
        server.delete("/uploads/" + first.substring(first.indexOf(':') + 1));
        server.delete("/uploads/" + second.substring(second.indexOf(':') + 1));

        assertThat(server.end(job)).isEqualTo("successful");
    }

    @Test
    void theServedFolderOffersItsPairsAndNothingOutside() throws Exception {
        JsonNode offer = json(server.get("/scenes"));
        assertThat(offer.path("samples").asString()).isEqualTo("none");
        JsonNode scenes = offer.path("scenes");
        assertThat(scenes).hasSize(1);
        JsonNode park = scenes.get(0);
        assertThat(park.path("before").asString()).isEqualTo("data:town/park_before.tif");
        assertThat(server.bytes(server.request(park.path("thumbnail").asString()))
                        .statusCode())
                .isEqualTo(200);

        for (String ref : List.of(
                "data:../secret.tif",
                "data:town/../../secret.tif",
                "data:/etc/passwd",
                "data:town",
                "data:",
                "data:town\\\\..\\\\..\\\\secret.tif",
                "data:town/\\u0000",
                "file:/etc/passwd",
                "https://example.org/a.tif",
                "/vsicurl/https://example.org/a.tif",
                "upload:../../jobs.db",
                "sample:../x/before")) {
            HttpResponse<String> answer =
                    server.post("/pairs/check", "{\"before\":\"" + ref + "\",\"after\":\"" + ref + "\"}");
            assertProblem(answer, 422);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|400",
                "{\"inputs\":{}}|400",
                "{\"inputs\":null}|400",
                "null|400",
                "[]|400",
                "{\"inputs\":{\"before\":1}}|400",
                "{\"inputs\":{\"before\":\"x\",\"after\":\"y\"}}|422",
                "{\"inputs\":{\"befor\":\"x\"}}|400",
                "{\"inputs\":{\"before\":\"B\",\"after\":\"A\",\"threshold\":1.5}}|422",
                "{\"inputs\":{\"before\":\"B\",\"after\":\"A\",\"threshold\":\"NaN\"}}|422",
                "{\"inputs\":{\"before\":\"B\",\"after\":\"A\",\"min_area\":-1}}|422",
                "{\"inputs\":{\"before\":\"B\",\"after\":\"A\",\"simplify\":\"two\"}}|422",
                "{\"inputs\":{\"before\":\"B\",\"after\":\"A\",\"before_date\":\"soon\"}}|422",
                "{\"inputs\":{\"before\":\"B\",\"after\":\"A\"},\"response\":\"raw\"}|422",
                "{\"inputs\":{\"before\":\"upload:00000000000000000000000000000000\",\"after\":\"A\"}}|422",
                "{|400",
            })
    void anExecutionThatCannotBeDoneIsRefused(String body, int status) throws Exception {
        HttpResponse<String> answer = server.post(
                "/processes/detect-changes/execution",
                body.replace("\"B\"", "\"" + before + "\"").replace("\"A\"", "\"" + after + "\""));

        assertProblem(answer, status);
    }

    @Test
    void aDocumentThatIsNotUnderstoodIsToldWhere() throws Exception {
        String path = "/processes/detect-changes/execution";

        assertThat(server.post(path, "{\"inputs\":{\"befor\":\"x\"}}").body()).contains("there is no 'befor'");
        assertThat(server.post(path, "{\"inputs\":{\"threshold\":[]}}").body()).contains("'inputs.threshold'");
        assertThat(server.post(path, "{\"inputs\":").body()).contains("line 1").doesNotContain("tools.jackson");
        assertThat(server.post(path, "[]").body()).doesNotContain("org.terrachange");
    }

    @Test
    void metresForPicturesWithoutAPlaceFailWithTheReason() throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB), "png", png);
        String plain = server.ref("plain.png", png.toByteArray());
        String body = RunningServer.execution(plain, plain).replace("}}", ",\"simplify\":\"2m\"}}");
        HttpResponse<String> answer = server.send(
                server.posting("/processes/detect-changes/execution", body).header("Prefer", "respond-async"));
        String job = answer.headers().firstValue("Location").orElseThrow();

        assertThat(server.end(job)).isEqualTo("failed");
        assertThat(json(server.get(job)).path("message").asString()).contains("give the tolerance in pixels");
    }

    @Test
    void whatDoesNotExistIsAProblem() throws Exception {
        assertProblem(server.get("/nothing"), 404);
        assertProblem(server.get("/jobs/unknown"), 404);
        assertProblem(server.get("/jobs/00000000000000000000000000000000/results"), 404);
        assertProblem(server.get("/processes/unknown"), 404);
        assertProblem(server.get("/stac/collections/results/items/unknown"), 404);
        assertProblem(server.post("/jobs", "{}"), 405);
        assertProblem(server.get("/jobs?limit=0"), 400);
        assertProblem(server.get("/jobs?status=lost"), 400);
        assertProblem(
                server.send(server.request("/pairs/check")
                        .header("Content-Type", "text/plain")
                        .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}"))),
                415);
        assertProblem(server.post("/pairs/check", "\"" + "x".repeat(70_000) + "\""), 413);
    }

    @Test
    void peopleSeeAPageWhereProgramsSeeAProblem() throws Exception {
        HttpResponse<String> page = server.send(server.request("/nothing").header("Accept", "text/html"));

        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    }

    @Test
    void jobsAreListedNewestFirst() throws Exception {
        String first = server.queue(before, after);
        String second = server.queue(before, after);
        server.end(second);

        JsonNode jobs =
                json(server.get("/jobs?status=successful,failed&limit=2")).path("jobs");
        assertThat("/jobs/" + jobs.get(0).path("jobID").asString()).isEqualTo(second);
        assertThat("/jobs/" + jobs.get(1).path("jobID").asString()).isEqualTo(first);
        assertThat(json(server.get("/jobs?type=wps")).path("jobs")).isEmpty();
    }

    @Test
    void aFinishedJobCanBeRemoved() throws Exception {
        String job = server.queue(before, after);
        server.end(job);
        // Somebody looks at it, so that its files are open.
        assertThat(server.get(job + "/view").statusCode()).isEqualTo(200);
        HttpResponse<String> removed = server.delete(job);

        assertThat(removed.statusCode()).isEqualTo(200);
        assertThat(json(removed).path("status").asString()).isEqualTo("dismissed");
        assertProblem(server.get(job), 404);
        assertProblem(server.get(job + "/results/summary.json"), 404);
        assertThat(folder.resolve("work" + job)).doesNotExist();
        // What is open takes its place on the disk, deleted or not.
        assertThat(openFiles()).noneMatch(file -> file.contains(job));
    }

    /// The files that this process has open, as far as the system tells.
    private static List<String> openFiles() throws IOException {
        Path table = Path.of("/proc/self/fd");
        if (Files.notExists(table)) {
            return List.of();
        }
        List<String> files = new ArrayList<>();
        try (var entries = Files.list(table)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                try {
                    files.add(Files.readSymbolicLink(entry).toString());
                } catch (IOException _) {
                    // Closed meanwhile.
                }
            }
        }
        return files;
    }

    @Test
    void metricsCountRequestsByThePatternOfTheirAddress() throws Exception {
        server.get("/jobs/unknown");

        assertThat(server.get("/metrics").body())
                .contains("http_server_requests_seconds_count{method=\"GET\",status=\"404\",uri=\"/jobs/{id}\"}")
                .contains("terrachange_jobs{status=\"successful\"}")
                .contains("jvm_memory_used_bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 100_000})
    void tooManyPixelsOrBytesAreRefused(long limit) throws Exception {
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        ServerOptions.Limits small = new ServerOptions.Limits(
                limit, 5_000, usual.decodeTime(), 1, Duration.ofDays(1), usual.diskBytes(), usual.requestsPerMinute());
        try (RunningServer narrow = RunningServer.start(
                RunningServer.options(folder.resolve("narrow-" + limit)).withLimits(small))) {
            assertProblem(narrow.upload("scene.tif", RunningServer.scene(folder, SIZE, 6)), limit == 10 ? 413 : 422);
            try (var left = Files.list(folder.resolve("narrow-" + limit + "/uploads/incoming"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void whoSendsMuchTooMuchIsToldSoRatherThanCutOff() throws Exception {
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        ServerOptions.Limits small = new ServerOptions.Limits(
                10, 5_000, usual.decodeTime(), 1, Duration.ofDays(1), usual.diskBytes(), usual.requestsPerMinute());
        try (RunningServer narrow = RunningServer.start(
                RunningServer.options(folder.resolve("much")).withLimits(small))) {
            byte[] body = RunningServer.form("scene.tif", new byte[8 << 20]);
            // A client that listens only when all is said, as simple ones do.
            try (Socket socket = new Socket(
                    narrow.server().address().getHost(),
                    narrow.server().address().getPort())) {
                OutputStream out = socket.getOutputStream();
                out.write(("POST /uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary="
                                + RunningServer.BOUNDARY + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(body);
                String status = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                        .readLine();
                assertThat(status).startsWith("HTTP/1.1 413");
            }
        }
    }

    @Test
    void twoServersCannotShareAFolder() {
        assertThatThrownBy(() -> RunningServer.start(RunningServer.options(folder.resolve("work"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another server");
    }

    @Test
    void aTakenPortIsSaidByItsNumber() {
        int port = server.server().address().getPort();

        assertThatThrownBy(() -> RunningServer.start(
                        RunningServer.options(folder.resolve("other")).withPort(port)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + port);
    }

    @Test
    void anUploadThatIsTooLongCostsNobodyAnything() throws Exception {
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        ServerOptions.Limits small = new ServerOptions.Limits(
                100_000,
                usual.uploadPixels(),
                usual.decodeTime(),
                usual.queueLength(),
                usual.keep(),
                1_000_000,
                usual.requestsPerMinute());
        try (RunningServer narrow = RunningServer.start(
                RunningServer.options(folder.resolve("long")).withLimits(small))) {
            String ref = narrow.ref("kept.tif", RunningServer.scene(folder, SIZE, 7));
            String id = ref.substring(ref.indexOf(':') + 1);
            // So long ago that it goes where room is needed.
            Files.setLastModifiedTime(
                    folder.resolve("long/uploads/" + id + "/upload.json"),
                    FileTime.from(Instant.now().minus(Duration.ofHours(2))));

            assertProblem(narrow.upload("long.tif", new byte[2_000_000]), 413);
            assertThat(narrow.get("/uploads/" + id).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aResultAcrossThe180thMeridianIsCutThere() throws Exception {
        Crs zone = Crs.ofEpsg(32660);
        double[] middle = Crs.ofEpsg(4326).to(zone).apply(180, 10);
        Grid grid = Grid.of(SIZE, SIZE, Affine.northUp(middle[0] - SIZE / 4.0, middle[1] + SIZE / 4.0, 0.5, 0.5), zone);
        HttpResponse<String> image = server.upload("a.tif", RunningServer.scene(folder, grid, 31));
        String job = server.queue(
                json(image).path("ref").asString(), server.ref("b.tif", RunningServer.scene(folder, grid, 32)));
        assertThat(server.end(job)).isEqualTo("successful");
        JsonNode item = json(server.get("/stac/collections/results/items" + job.substring(5)));

        for (JsonNode box : List.of(json(image).path("bounds_lonlat"), item.path("bbox"))) {
            assertThat(box.get(0).asDouble()).isBetween(179.999, 180.0);
            assertThat(box.get(2).asDouble()).isBetween(-180.0, -179.999);
        }
        JsonNode geometry = item.path("geometry");
        assertThat(geometry.path("type").asString()).isEqualTo("MultiPolygon");
        assertThat(geometry.path("coordinates")).hasSize(2);
        for (JsonNode polygon : geometry.path("coordinates")) {
            assertThat(polygon.get(0).get(0)).isEqualTo(polygon.get(0).get(4));
            for (JsonNode corner : polygon.get(0)) {
                assertThat(Math.abs(corner.get(0).asDouble())).isBetween(179.999, 180.0);
            }
        }
    }
}
