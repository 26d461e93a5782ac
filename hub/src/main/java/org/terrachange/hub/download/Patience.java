package org.terrachange.hub.download;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a download waits and how often it tries again.
///
/// @param connect until a connection stands
/// @param stall without a single byte, after which a connection counts as dead
/// @param attempts in a row that bring nothing, at least one, until an address is given up
/// @param firstPause before the second attempt; each later pause is twice as long
/// @param longestPause where doubling ends, and the longest that a server may ask to be left alone
public record Patience(Duration connect, Duration stall, int attempts, Duration firstPause, Duration longestPause) {

    /// For files of up to some gigabytes: an unreachable server is given up after half a minute of pauses.
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(20), Duration.ofSeconds(60), 6, Duration.ofSeconds(1), Duration.ofSeconds(120));

    public Patience {
        if (attempts < 1 || !connect.isPositive() || !stall.isPositive() || firstPause.isNegative()) {
            throw new IllegalArgumentException("patience needs at least one attempt and positive times, got " + attempts
                    + ", " + connect + ", " + stall + ", " + firstPause);
        }
    }

    /// The same, with another time after which a silent connection counts as dead; it bounds connecting as well.
    public Patience withStall(Duration silence) {
        Duration shorter = connect.compareTo(silence) < 0 ? connect : silence;
        return new Patience(shorter, silence, attempts, firstPause, longestPause);
    }

    /// The pause after a failure. Half of it is chance, so that programs that failed together do not come back
    /// together.
    ///
    /// @param failures in a row so far, at least one
    Duration pause(int failures, RandomGenerator random) {
        long whole = firstPause.toMillis() << Math.min(failures - 1, 20);
        long bounded = Math.min(whole, longestPause.toMillis());
        return Duration.ofMillis(bounded / 2 + (long) (random.nextDouble() * bounded / 2));
    }
}
