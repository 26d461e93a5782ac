package org.terrachange.raster.vector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// GDAL's reader of vector files, as a second opinion. Tests that ask it are skipped where it is not installed.
final class Ogrinfo {
    private Ogrinfo() {}

    static String run(Path file, String... options) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ogrinfo"));
        command.addAll(List.of(options));
        command.add(file.toString());
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException _) {
            return Assumptions.abort("ogrinfo is not installed");
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
