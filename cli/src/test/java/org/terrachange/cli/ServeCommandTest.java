package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    @TempDir
    private Path folder;

    @Test
    void itSaysWhereItListensAnswersAndStopsWhenInterrupted() throws Exception {
        Path model = Fixtures.randomModel(folder.resolve("random.safetensors"));
        try (RunningCommand serving = new RunningCommand(
                        "serve", "--port", 0, "--no-samples", "--work", folder.resolve("work"), "--model", model);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(serving.address().resolve("/health")).build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(serving.stop()).isEqualTo(ExitCode.DONE);
        }
    }

    private void assertRefused(String reason, Object... options) throws IOException {
        Object[] words = new Object[options.length + 5];
        words[0] = "serve";
        words[1] = "--work";
        words[2] = folder.resolve("never");
        words[3] = "--model";
        words[4] = Fixtures.randomModel(folder.resolve("random.safetensors"));
        System.arraycopy(options, 0, words, 5, options.length);
        Terminal.Answer answer = Terminal.run(words);

        assertThat(answer.code()).as("%s", answer).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(answer.err()).contains(reason);
        assertThat(folder.resolve("never")).doesNotExist();
    }

    @Test
    void beyondThisMachineItAsksForAToken() throws IOException {
        assertRefused("needs a token", "--host", "0.0.0.0");
        assertRefused("at least 16", "--host", "0.0.0.0", "--token", "short");
    }

    @Test
    void impossibleOptionsAreRefused() throws IOException {
        assertRefused("port", "--port", "70000");
        assertRefused("positive", "--queue", "0");
        assertRefused("no folder", "--data", folder.resolve("missing"));
    }
}
