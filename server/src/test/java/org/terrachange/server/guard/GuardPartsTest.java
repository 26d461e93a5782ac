package org.terrachange.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardPartsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final long MINUTE = 60_000_000_000L;

    @Test
    void aPassHoldsUntilItExpiresAndUnderItsTokenOnly() {
        Token token = new Token("correct horse battery staple");
        String pass = token.pass(NOW);

        assertThat(token.accepts(pass, NOW)).isTrue();
        assertThat(token.accepts(pass, NOW.plus(Token.PASS_LIFETIME).minusSeconds(1)))
                .isTrue();
        assertThat(token.accepts(pass, NOW.plus(Token.PASS_LIFETIME))).isFalse();
        assertThat(new Token("another token, just as long").accepts(pass, NOW)).isFalse();
    }

    @Test
    void aPassWhoseExpiryWasMovedIsRefused() {
        Token token = new Token("correct horse battery staple");
        String pass = token.pass(NOW);
        String later = NOW.plus(Token.PASS_LIFETIME).getEpochSecond() + 1 + pass.substring(pass.indexOf('.'));

        for (String forged : List.of(later, "", ".", "1.", "x.y", pass.substring(0, pass.length() - 2))) {
            assertThat(token.accepts(forged, NOW)).as(forged).isFalse();
        }
    }

    @Test
    void aClientGetsItsShareAndThenWaits() {
        RateLimit limit = new RateLimit(60);
        for (int i = 0; i < 60; i++) {
            assertThat(limit.take("a", 0)).isZero();
        }

        assertThat(limit.isExhausted("a", 0)).isTrue();
        assertThat(limit.take("a", 0)).isEqualTo(1);
        assertThat(limit.take("b", 0)).isZero();
        assertThat(limit.take("a", MINUTE / 60)).isZero();
        assertThat(limit.take("a", MINUTE / 60)).isEqualTo(1);
        assertThat(limit.isExhausted("never seen", 0)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,       localhost:8080, true",
        "127.0.0.1,       [::1]:8080,     true",
        "127.0.0.1,       192.0.2.7,      false",
        "127.0.0.1,       evil.example,   false",
        "127.0.0.1,       localhost.evil, false",
        "127.0.0.1,       '',             false",
        "::1,             [::1],          true",
        "0.0.0.0,         192.0.2.7:80,   true",
        "0.0.0.0,         evil.example,   false",
        "changes.example, CHANGES.example:443, true"
    })
    void onlyKnownNamesAreAnswered(String listening, String asked, boolean known) {
        assertThat(new HostNames(listening, List.of()).know(asked)).isEqualTo(known);
    }
}
