package org.terrachange.spark.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.RasterException;

class AttemptTest {
    private static final String RECORD = "batch.json";

    @TempDir
    private Path folder;

    /// Puts results in place whose record says `made`.
    private void attempt(Path target, String made) throws IOException {
        try (OutputFolder out = OutputFolder.hold(folder);
                Attempt attempt = new Attempt(out.root(), RECORD)) {
            Files.writeString(attempt.folder().resolve(RECORD), made);
            attempt.place(
                    target, there -> Files.readString(there.resolve(RECORD)).equals(made));
        }
    }

    @Test
    void olderResultsAreReplacedAndCurrentOnesKept() throws IOException {
        Path target = folder.resolve("pair");
        attempt(target, "old");
        Path old = Files.writeString(target.resolve("mask.tif"), "old");

        attempt(target, "new");
        assertThat(target.resolve(RECORD)).hasContent("new");
        assertThat(old).doesNotExist();

        Path kept = Files.writeString(target.resolve("mask.tif"), "of the first to end");
        attempt(target, "new");
        assertThat(kept).hasContent("of the first to end");
    }

    @Test
    void whatNoAttemptMadeStaysAndIsNamed() throws IOException {
        Path photo =
                Files.writeString(Files.createDirectory(folder.resolve("pair")).resolve("photo.tif"), "mine");
        Path file = Files.writeString(folder.resolve("file"), "mine too");

        for (Path target : new Path[] {photo.getParent(), file}) {
            assertThatThrownBy(() -> attempt(target, "new"))
                    .isInstanceOf(RasterException.class)
                    .hasMessageStartingWith(target + ": exists, and holds no batch.json")
                    .hasMessageContaining("choose another --out");
        }
        assertThat(photo).hasContent("mine");
        assertThat(file).hasContent("mine too");
        assertThat(folder.resolve(".batch")).doesNotExist();
    }
}
