package org.terrachange.raster.http;

import java.time.Duration;

/// How long to wait for a server, and how often to ask again.
///
/// @param connect until a connection stands
/// @param silence in which nothing of an answer comes
/// @param attempts requests for the same bytes, at least one
/// @param firstPause between the first two attempts; each later pause is twice as long
record Patience(Duration connect, Duration silence, int attempts, Duration firstPause) {

    /// For people who wait: a server that is gone is given up after some seconds, one that is slow after minutes.
    static final Patience USUAL =
            new Patience(Duration.ofSeconds(10), Duration.ofSeconds(60), 4, Duration.ofMillis(250));
}
