package org.terrachange.hub.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    private static final URI ASKED = URI.create("https://example.org/model.pth");
    private static final PartState KNOWN = new PartState(ASKED.toString(), "\"a\"", "", 100);

    private static Answer answer(int status, long have, String... headers) {
        Map<String, List<String>> map = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], List.of(headers[i + 1]));
        }
        return Answer.of(ASKED, status, HttpHeaders.of(map, (_, _) -> true), have, Optional.of(KNOWN));
    }

    @Test
    void theRestOfTheSameFileIsWelcome() {
        assertThat(answer(206, 40, "Content-Range", "bytes 40-99/100", "ETag", "\"a\""))
                .isEqualTo(new Answer.Continues(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 30-99/100", "bytes 40-119/120", "bytes 40-99/*", "lines 40-99/100", ""})
    void anythingElseThanTheRestIsNot(String range) {
        assertThat(answer(206, 40, "Content-Range", range)).isEqualTo(new Answer.Outdated());
    }

    @Test
    void anotherTagMeansAnotherFileWhateverTheServerThinks() {
        assertThat(answer(206, 40, "Content-Range", "bytes 40-99/100", "ETag", "\"b\""))
                .isEqualTo(new Answer.Outdated());
    }

    @Test
    void aRangeBeyondTheEndTellsWhetherAllIsHere() {
        assertThat(answer(416, 100, "Content-Range", "bytes */100")).isEqualTo(new Answer.NothingMore());
        assertThat(answer(416, 120, "Content-Range", "bytes */100")).isEqualTo(new Answer.Outdated());
        assertThat(answer(416, 120)).isEqualTo(new Answer.Outdated());
    }

    @Test
    void aWholeFileMayComeWithoutItsLength() {
        assertThat(answer(200, 40, "Content-Length", "100")).isEqualTo(new Answer.Begins(100));
        assertThat(answer(200, 40)).isEqualTo(new Answer.Begins(0));
    }

    @Test
    void aRedirectionThatWasNotFollowedIsExplained() {
        assertThat(answer(302, 0, "Location", "http://example.org/"))
                .isEqualTo(new Answer.Refused("redirects from https to plain http, which is not followed"));
        assertThat(answer(302, 0, "Location", "https://example.org/?key=secret"))
                .isEqualTo(new Answer.Refused("redirects too often or to nowhere (last to https://example.org/)"));
    }

    @ParameterizedTest
    @CsvSource({"120, 120", "' 7 ', 7", "'Sun, 06 Nov 1994 08:49:37 GMT', 37", "'Sun, 06 Nov 1994 08:40:00 GMT', 0"})
    void serversAskToBeLeftAloneInSecondsOrUntilADate(String text, long seconds) {
        assertThat(Answer.pause(text, Instant.parse("1994-11-06T08:49:00Z"))).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "99999999999999999999"})
    void whatIsNoTimeIsPassedOver(String text) {
        assertThat(Answer.pause(text, Instant.EPOCH)).isEmpty();
    }

    @Test
    void onlyStrongTagsAndDatesMakeACondition() {
        assertThat(new PartState("", "\"a\"", "yesterday", 0).condition()).contains("\"a\"");
        assertThat(new PartState("", "W/\"a\"", "yesterday", 0).condition()).contains("yesterday");
        assertThat(new PartState("", "W/\"a\"", "", 0).condition()).isEmpty();
    }
}
