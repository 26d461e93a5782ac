package org.terrachange.server.jobs;

import java.io.Serial;

/// There are as many jobs waiting as may wait.
public final class QueueFullException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final long retryAfterSeconds;

    QueueFullException(int length, long retryAfterSeconds) {
        super(length + " jobs wait already, and no more may");
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /// When there may be room.
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
