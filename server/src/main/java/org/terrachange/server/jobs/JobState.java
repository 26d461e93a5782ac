package org.terrachange.server.jobs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How far a job is (OGC API - Processes Part 1, 18-062r2, table 16).
public enum JobState {
    /// Waits in the queue.
    ACCEPTED,
    RUNNING,
    SUCCESSFUL,
    FAILED,
    /// Cancelled before it was done.
    DISMISSED;

    /// The name in answers.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The state of this name, if there is one.
    public static Optional<JobState> parse(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label().equals(label))
                .findFirst();
    }

    /// Whether nothing more will happen.
    public boolean isFinished() {
        return switch (this) {
            case ACCEPTED, RUNNING -> false;
            case SUCCESSFUL, FAILED, DISMISSED -> true;
        };
    }
}
