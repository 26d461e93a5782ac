package org.terrachange.raster.warp;

import java.io.IOException;
import java.io.Serial;

/// Two images that have no common grid. The message is meant for the person who chose them.
public final class MisfitException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    MisfitException(String message) {
        super(message);
    }
}
