package org.terrachange.raster.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.terrachange.raster.tiff.TiffSource;

/// Takes any bytes for a TIFF file.
public final class TiffFuzz {
    private static final Path FILE = ScratchFolder.create().resolve("fuzz.tif");

    private TiffFuzz() {}

    /// The entry point that Jazzer looks for.
    ///
    /// @throws AssertionError if the reader breaks its contract
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        SourceExercise.run(FILE.toString(), () -> TiffSource.open(FILE));
    }
}
