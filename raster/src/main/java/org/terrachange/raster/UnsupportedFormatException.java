package org.terrachange.raster;

import java.io.Serial;
import java.nio.file.Path;

/// A raster that is valid, or may be, but uses something that TerraChange does not read by itself. Another reader
/// may.
public final class UnsupportedFormatException extends RasterException {
    @Serial
    private static final long serialVersionUID = 1;

    public UnsupportedFormatException(Path file, String problem) {
        super(file, problem);
    }

    public UnsupportedFormatException(Path file, String problem, Throwable cause) {
        super(file, problem, cause);
    }

    /// @param location as [RasterSource#location] gives it
    public UnsupportedFormatException(String location, String problem) {
        super(location, problem);
    }

    /// @param location as [RasterSource#location] gives it
    public UnsupportedFormatException(String location, String problem, Throwable cause) {
        super(location, problem, cause);
    }
}
