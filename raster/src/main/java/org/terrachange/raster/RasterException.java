package org.terrachange.raster;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A raster that cannot be opened, read or written as asked. The message names the file, what is wrong with it and
/// what to do; it is one line, meant for the person who chose the file.
public class RasterException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /// Longer than any message that the program makes up itself; what a damaged file says can be endless.
    private static final int LONGEST_PROBLEM = 500;

    private final String problem;

    public RasterException(Path file, String problem) {
        this(file.toString(), problem);
    }

    public RasterException(Path file, String problem, @Nullable Throwable cause) {
        this(file.toString(), problem, cause);
    }

    /// @param location as [RasterSource#location] gives it
    public RasterException(String location, String problem) {
        super(location + ": " + line(problem));
        this.problem = line(problem);
    }

    /// @param location as [RasterSource#location] gives it
    public RasterException(String location, String problem, @Nullable Throwable cause) {
        super(location + ": " + line(problem), cause);
        this.problem = line(problem);
    }

    /// The message without the location: what is wrong and what to do.
    public String problem() {
        return problem;
    }

    /// Problems quote what stands in files, which may be anything.
    private static String line(String problem) {
        String line = problem.replaceAll("\\p{Cc}+", " ");
        return line.length() <= LONGEST_PROBLEM ? line : line.substring(0, LONGEST_PROBLEM) + "...";
    }
}
