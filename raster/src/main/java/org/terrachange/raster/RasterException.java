package org.terrachange.raster;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// A raster that cannot be opened, read or written as asked. The message names the file, what is wrong with it and
/// what
/// to do; it is meant for the person who chose the file.
public class RasterException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public RasterException(Path file, String problem) {
        this(file.toString(), problem);
    }

    public RasterException(Path file, String problem, Throwable cause) {
        this(file.toString(), problem, cause);
    }

    /// @param location as [RasterSource#location] gives it
    public RasterException(String location, String problem) {
        super(location + ": " + problem);
    }

    /// @param location as [RasterSource#location] gives it
    public RasterException(String location, String problem, Throwable cause) {
        super(location + ": " + problem, cause);
    }
}
