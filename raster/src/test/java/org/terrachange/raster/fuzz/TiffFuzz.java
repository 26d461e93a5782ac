package org.terrachange.raster.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.terrachange.raster.tiff.TiffSource;

/// Takes any bytes for a TIFF file.
public final class TiffFuzz {
    private static final Path FILE = scratch();

    private TiffFuzz() {}

    /// The entry point that Jazzer looks for.
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        SourceExercise.run(FILE.toString(), () -> TiffSource.open(FILE));
    }

    private static Path scratch() {
        try {
            Path file = Files.createTempFile("fuzz", ".tif");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
