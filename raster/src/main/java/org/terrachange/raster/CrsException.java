package org.terrachange.raster;

import java.io.IOException;
import java.io.Serial;

/// A coordinate reference system that cannot be used as asked, or a point that it does not cover. The message
/// names the
/// CRS; it is meant for the person who chose the image.
public final class CrsException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    CrsException(String crs, String problem) {
        super(crs + ": " + problem);
    }

    CrsException(String crs, String problem, Throwable cause) {
        super(crs + ": " + problem, cause);
    }
}
