package org.terrachange.raster.fuzz;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.terrachange.raster.tiff.TiffSource;

/// Takes any bytes for one of the files that may lie beside a TIFF; the first byte says which.
public final class SidecarFuzz {
    /// The names that are tried, in the order of the first byte.
    public static final List<String> NAMES =
            List.of("fuzz.tif.aux.xml", "fuzz.tfw", "fuzz.tif.msk", "fuzz.tif.ovr", "fuzz.tif.msk.ovr");

    private static final Path IMAGE = image();

    private SidecarFuzz() {}

    /// The entry point that Jazzer looks for.
    ///
    /// @throws AssertionError if the reader breaks its contract
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        Path sidecar = IMAGE.resolveSibling(NAMES.get((bytes[0] & 0xff) % NAMES.size()));
        Files.write(sidecar, Arrays.copyOfRange(bytes, 1, bytes.length));
        try {
            SourceExercise.run(IMAGE.resolveSibling("fuzz.t").toString(), () -> TiffSource.open(IMAGE));
        } finally {
            Files.delete(sidecar);
        }
    }

    private static Path image() {
        Path file = ScratchFolder.create().resolve("fuzz.tif");
        try {
            ImageIO.write(new BufferedImage(20, 30, BufferedImage.TYPE_BYTE_GRAY), "tiff", file.toFile());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
