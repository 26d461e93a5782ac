package org.terrachange.raster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RasterExceptionTest {
    @Test
    void whateverAFileSaysTheMessageIsOneLineOfBoundedLength() {
        var failure = new RasterException(Path.of("a.tif"), "names \u001b[31m\r\n\0 as " + "x".repeat(10_000));

        assertThat(failure).hasMessageStartingWith("a.tif: names  [31m  as xxx").hasMessageEndingWith("xxx...");
        assertThat(failure.getMessage()).hasSizeLessThan(600);
        assertThat(failure.problem()).startsWith("names  [31m  as xxx").endsWith("xxx...");
    }
}
