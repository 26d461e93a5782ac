package org.terrachange.hub.download;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;

/// A failure of one attempt that the next attempt may not meet.
final class Setback extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Optional<Duration> pause;

    Setback(String problem) {
        this(problem, Optional.empty());
    }

    /// @param pause how long the server asks to be left alone, where it does
    Setback(String problem, Optional<Duration> pause) {
        super(problem);
        this.pause = pause;
    }

    Optional<Duration> pause() {
        return pause;
    }
}
