package org.terrachange.server.jobs;

import java.io.Serial;

/// A job that cannot be done for a reason that lies in what it was given. The message is for people.
public final class JobFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public JobFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
