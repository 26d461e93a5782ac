package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void itOpensTheApplicationOnAnArchiveThatCanBeSearched() throws Exception {
        Object[] words = {"demo", "--port", 0, "--out", folder};
        try (RunningCommand demo = new RunningCommand(words);
                HttpClient client = HttpClient.newHttpClient()) {
            JsonNode answer = new JsonMapper()
                    .readTree(client.send(
                                    HttpRequest.newBuilder(demo.address().resolve("/search?f=json&q=new+houses"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());

            assertThat(answer.path("searched").asInt()).isEqualTo(24);
            assertThat(answer.path("hits").get(0).path("after_date").asString()).matches("\\d{4}-06-02");
            assertThat(demo.stop()).isEqualTo(ExitCode.DONE);
        }
    }
}
