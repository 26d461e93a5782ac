package org.terrachange.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.terrachange.server.RunningServer.json;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Sends what nobody should send. `scripts/hostile-uploads.sh` sends a thousand of them.
class HostileRequestsTest {
    private static final int REQUESTS = Integer.getInteger("terrachange.hostile.requests", 48);
    private static final long SEED = Long.getLong("terrachange.hostile.seed", 20_260_131);

    private static final String TOKEN = "a-token-of-the-tests-0123456789";
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String MULTIPART = "multipart/form-data; boundary=a-boundary-of-the-tests";

    /// Every job is run to its end, which takes time.
    private static final int MOST_JOBS = Math.max(3, REQUESTS / 20);

    @TempDir
    Path folder;

    private final TreeMap<Integer, Integer> answers = new TreeMap<>();
    private int jobs;

    private static ServerOptions.Limits limits() {
        return new ServerOptions.Limits(
                8 << 20, 700_000, Duration.ofSeconds(10), 8, Duration.ofDays(1), 1L << 30, 1_000_000);
    }

    /// The status of a request that no client would send.
    private static int raw(RunningServer server, String head, byte[] body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.server().address().getPort())) {
            socket.setSoTimeout((int) LONGEST.toMillis());
            try {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().write(body);
                socket.getOutputStream().flush();
                socket.shutdownOutput();
            } catch (IOException _) {
                // The server may have hung up already, which is an answer.
            }
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
            return status.startsWith("HTTP/1.1 ") ? Integer.parseInt(status.substring(9)) : 400;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer in " + LONGEST.toSeconds() + " s to " + head, e);
        } catch (IOException _) {
            return 400;
        }
    }

    private void note(String what, int status) {
        answers.merge(status, 1, Integer::sum);
        assertThat(status).as(what).matches(code -> code < 500 || code == 503 || code == 507);
    }

    private void upload(RunningServer server, HostileInput input, List<String> refs) throws Exception {
        HttpResponse<String> answer = server.upload(input.name(), input.image());
        note("upload: " + answer.body(), answer.statusCode());
        if (answer.statusCode() == 201) {
            JsonNode image = json(answer);
            refs.add(image.path("ref").asString());
            HttpResponse<String> preview = server.get(image.path("preview").asString());
            note("preview: " + preview.body(), preview.statusCode());
        }
    }

    private void form(RunningServer server, HostileInput input) throws Exception {
        byte[] form = input.form();
        int length = input.choice(4) == 0 ? form.length + 1 : form.length;
        note(
                "form",
                raw(
                        server,
                        "POST /uploads HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                                + input.contentType(MULTIPART) + "\r\nContent-Length: " + length + "\r\n\r\n",
                        form));
    }

    private void document(RunningServer server, HostileInput input, List<String> refs) throws Exception {
        String document = input.json(refs.get(input.choice(refs.size())), refs.get(input.choice(refs.size())));
        String path = input.choice(2) == 0 ? "/pairs/check" : "/processes/detect-changes/execution";
        HttpResponse<String> answer = server.send(server.request(path)
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.ofString(document, StandardCharsets.ISO_8859_1)));
        note(path + " " + answer.body(), answer.statusCode());
    }

    private void job(RunningServer server, HostileInput input, List<String> refs) throws Exception {
        HttpResponse<String> answer = server.send(server.posting(
                        "/processes/detect-changes/execution",
                        RunningServer.execution(
                                refs.get(input.choice(refs.size())), refs.get(input.choice(refs.size()))))
                .header("Prefer", "respond-async"));
        note("execution: " + answer.body(), answer.statusCode());
        if (answer.statusCode() == 201) {
            jobs++;
            String job = answer.headers().firstValue("Location").orElseThrow();
            assertThat(server.end(job)).isIn("successful", "failed");
        }
    }

    private static List<String> filesOutside(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> !file.startsWith(folder.resolve("outer/work"))
                            && !file.startsWith(folder.resolve("outer/guarded")))
                    .map(file -> file + " " + size(file))
                    .sorted()
                    .toList();
        }
    }

    private static long size(Path file) {
        try {
            return Files.isDirectory(file) ? 0 : Files.size(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void noRequestBringsTheServerDown() throws Exception {
        System.out.println("hostile requests: " + REQUESTS + ", seed " + SEED);
        Path outer = Files.createDirectories(folder.resolve("outer"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("secret.txt"), "secret");
        HostileInput input = new HostileInput(folder, SEED);
        byte[] sound = RunningServer.scene(folder, 64, 1);
        List<String> said = new ArrayList<>();
        ServerOptions options =
                RunningServer.options(outer.resolve("work")).withData(data).withLimits(limits());
        try (RunningServer server = RunningServer.start(options, said::add);
                RunningServer guarded = RunningServer.start(
                        RunningServer.options(outer.resolve("guarded")).withToken(TOKEN), said::add)) {
            List<String> refs = new ArrayList<>(List.of(server.ref("sound.tif", sound)));
            List<String> before = filesOutside(folder);
            for (int i = 0; i < REQUESTS; i++) {
                switch (i % 8) {
                    case 0, 1, 2, 3 -> upload(server, input, refs);
                    case 4 -> form(server, input);
                    case 5 -> document(server, input, refs);
                    case 6 -> {
                        String path = input.path();
                        note(
                                path,
                                raw(
                                        server,
                                        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                                        new byte[0]));
                    }
                    default ->
                        note(
                                "token",
                                raw(
                                        guarded,
                                        "GET /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization:"
                                                + " Bearer " + input.token(TOKEN) + "\r\n\r\n",
                                        new byte[0]));
                }
                if (jobs < MOST_JOBS && refs.size() > 1 && i % 5 == 0) {
                    job(server, input, refs);
                }
            }
            assertThat(filesOutside(folder)).isEqualTo(before);
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
            assertThat(server.upload("sound.tif", sound).statusCode()).isEqualTo(201);
            try (var left = Files.list(outer.resolve("work/uploads/incoming"))) {
                assertThat(left).isEmpty();
            }
        }
        System.out.println("answers by status: " + answers + ", jobs: " + jobs + ", said: " + said);
        // A job may fail on an image that no reader foresaw; a request may not.
        assertThat(said).allMatch(line -> line.startsWith("job "));
    }
}
