package org.terrachange.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void aCommittedFileReplacesTheOldOne() throws IOException {
        Path target = Files.writeString(folder.resolve("result.json"), "old");
        try (AtomicFile file = AtomicFile.create(target)) {
            Files.writeString(file.temporary(), "new");
            file.sync();
            assertThat(target).hasContent("old");
            file.commit();
        }
        assertThat(target).hasContent("new");
        assertThat(names()).containsExactly("result.json");
    }

    @Test
    void anUncommittedFileLeavesNothing() throws IOException {
        try (AtomicFile file = AtomicFile.create(folder.resolve("result.json"))) {
            Files.writeString(file.temporary(), "half");
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aFailureWhileWritingKeepsTheOldFileAndNamesTheTarget() throws IOException {
        Path target = Files.writeString(folder.resolve("result.json"), "old");
        assertThatThrownBy(() -> AtomicFile.write(target, temporary -> {
                    Files.writeString(temporary, "half");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(RasterException.class)
                .hasMessage(target + ": cannot be written: No space left on device");
        assertThat(target).hasContent("old");
        assertThat(names()).containsExactly("result.json");
    }

    @Test
    void aMissingFolderIsNamed() {
        Path target = folder.resolve("absent/result.json");
        assertThatThrownBy(() -> AtomicFile.create(target))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(target.toString())
                .hasMessageContaining("the folder " + folder.resolve("absent") + " does not exist");
    }

    @Test
    void aFolderIsNoTarget() {
        assertThatThrownBy(() -> AtomicFile.create(folder))
                .isInstanceOf(RasterException.class)
                .hasMessage(folder + ": is a folder; name a file to write");
    }

    @Test
    void anUnwritableFolderIsNamed() throws IOException {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        assumeFalse(
                !locked.toFile().setWritable(false) || Files.isWritable(locked),
                "this user may write anywhere: nothing to refuse");
        try {
            assertThatThrownBy(() -> AtomicFile.create(locked.resolve("result.json")))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("the folder " + locked + " is not writable");
        } finally {
            assertThat(locked.toFile().setWritable(true)).isTrue();
        }
    }

    @Test
    void aNameOfGreatestLengthIsFine() throws IOException {
        Path target = folder.resolve("é".repeat(120) + ".json");
        AtomicFile.write(target, temporary -> Files.writeString(temporary, "x"));
        assertThat(target).hasContent("x");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
