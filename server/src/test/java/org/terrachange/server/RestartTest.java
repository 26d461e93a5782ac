package org.terrachange.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.terrachange.server.RunningServer.json;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
    /// Four tiles: long enough to be caught at work.
    private static final int LARGE = 700;

    private static final int SMALL = 96;

    @TempDir
    Path folder;

    private String status(RunningServer server, String job) throws Exception {
        return json(server.get(job)).path("status").asString();
    }

    private void awaitRunning(RunningServer server, String job) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!status(server, job).equals("running") && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(status(server, job)).isEqualTo("running");
    }

    @Test
    void jobsOutliveTheServer() throws Exception {
        ServerOptions options = RunningServer.options(folder.resolve("work"));
        String finished;
        String running;
        String waiting;
        try (RunningServer server = RunningServer.start(options)) {
            String a = server.ref("a.tif", RunningServer.scene(folder, SMALL, 1));
            String b = server.ref("b.tif", RunningServer.scene(folder, SMALL, 2));
            finished = server.queue(a, b);
            assertThat(server.end(finished)).isEqualTo("successful");
            running = server.queue(
                    server.ref("c.tif", RunningServer.scene(folder, LARGE, 3)),
                    server.ref("d.tif", RunningServer.scene(folder, LARGE, 4)));
            waiting = server.queue(a, b);
            awaitRunning(server, running);
        }

        assertThat(folder.resolve("work" + running + "/results/summary.json")).doesNotExist();
        try (RunningServer server = RunningServer.start(options)) {
            assertThat(status(server, finished)).isEqualTo("successful");
            assertThat(server.get(finished + "/results/summary.json").statusCode())
                    .isEqualTo(200);
            assertThat(server.end(waiting)).isEqualTo("successful");
            assertThat(status(server, running)).isEqualTo("successful");
            // In the order in which they were asked for.
            assertThat(json(server.get(waiting)).path("started").asString())
                    .isGreaterThan(json(server.get(running)).path("started").asString());
        }
    }

    @Test
    void aRunningJobCanBeCancelledAndLeavesNothing() throws Exception {
        try (RunningServer server = RunningServer.start(RunningServer.options(folder.resolve("work")))) {
            String before = server.ref("a.tif", RunningServer.scene(folder, LARGE, 1));
            String after = server.ref("b.tif", RunningServer.scene(folder, LARGE, 2));
            String running = server.queue(before, after);
            String waiting = server.queue(before, after);
            awaitRunning(server, running);
            HttpResponse<String> cancelledWaiting = server.delete(waiting);
            HttpResponse<String> cancelledRunning = server.delete(running);

            assertThat(json(cancelledWaiting).path("status").asString()).isEqualTo("dismissed");
            assertThat(json(cancelledRunning).path("status").asString()).isEqualTo("dismissed");
            assertThat(server.end(running)).isEqualTo("dismissed");
            assertThat(server.get(running + "/results").statusCode()).isEqualTo(410);
            String next = server.queue(
                    server.ref("c.tif", RunningServer.scene(folder, SMALL, 1)),
                    server.ref("d.tif", RunningServer.scene(folder, SMALL, 2)));
            assertThat(server.end(next)).isEqualTo("successful");
            assertThat(folder.resolve("work" + running)).doesNotExist();
        }
    }

    @Test
    void aFullQueueSaysWhenToTryAgain() throws Exception {
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        ServerOptions.Limits narrow = new ServerOptions.Limits(
                usual.uploadBytes(),
                usual.uploadPixels(),
                usual.decodeTime(),
                2,
                usual.keep(),
                usual.diskBytes(),
                usual.requestsPerMinute());
        try (RunningServer server = RunningServer.start(
                RunningServer.options(folder.resolve("work")).withLimits(narrow))) {
            String before = server.ref("a.tif", RunningServer.scene(folder, LARGE, 1));
            String after = server.ref("b.tif", RunningServer.scene(folder, LARGE, 2));
            awaitRunning(server, server.queue(before, after));
            List<String> waiting = new ArrayList<>(List.of(server.queue(before, after), server.queue(before, after)));
            HttpResponse<String> refused =
                    server.post("/processes/detect-changes/execution", RunningServer.execution(before, after));

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isPositive();
            try (var folders = Files.list(folder.resolve("work/jobs"))) {
                assertThat(folders).hasSize(3);
            }
            assertThat(json(server.get(waiting.getLast())).path("message").asString())
                    .isEqualTo("waits for 2 jobs before it");
        }
    }
}
