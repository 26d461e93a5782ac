package org.terrachange.hub;

import java.io.IOException;
import java.io.Serial;

/// A model that cannot be provided as asked. The message names it, says what is wrong and what to do; it is
/// meant for the person who asked for the model.
public final class HubException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    HubException(String subject, String problem) {
        super(subject + ": " + problem);
    }
}
