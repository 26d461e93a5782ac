package org.terrachange.hub.download;

import java.io.Serial;

/// A place that cannot give the file, however often it is asked.
final class OriginFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    OriginFailure(Origin origin, String problem) {
        super(origin + " " + problem);
    }
}
