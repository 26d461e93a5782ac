package org.terrachange.nn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.distributed.ProcessGroup;

class RunFolderTest {
    @TempDir
    private Path folder;

    @Test
    void aSecondRunInTheSameFolderIsRefusedUntilTheFirstHasEnded() throws Exception {
        Path run = folder.resolve("new/run");
        try (RunFolder _ = RunFolder.hold(run, ProcessGroup.alone())) {
            assertThatThrownBy(() -> RunFolder.hold(run, ProcessGroup.alone()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(run.toString())
                    .hasMessageContaining("another run is writing here");
        }
        RunFolder.hold(run, ProcessGroup.alone()).close();
        try (var files = Files.list(run)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void whatAKilledRunLeftBehindDoesNotHoldTheFolder() throws Exception {
        Files.createFile(folder.resolve(".lock"));
        Files.createFile(folder.resolve("state.safetensors.0a1b.partial"));
        Files.createFile(folder.resolve("state.safetensors"));
        RunFolder.hold(folder, ProcessGroup.alone()).close();
        try (var files = Files.list(folder)) {
            assertThat(files.map(Path::getFileName)).containsExactly(Path.of("state.safetensors"));
        }
    }

    @Test
    void otherFoldersAreFree() throws Exception {
        try (RunFolder _ = RunFolder.hold(folder.resolve("a"), ProcessGroup.alone());
                RunFolder _ = RunFolder.hold(folder.resolve("b"), ProcessGroup.alone())) {
            assertThat(folder.resolve("b")).isDirectory();
        }
    }
}
