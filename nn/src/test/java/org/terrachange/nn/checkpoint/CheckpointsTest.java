package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointsTest {
    @TempDir
    Path folder;

    @Test
    void theContentDecidesNotTheName() throws IOException {
        Path safetensors = folder.resolve("weights.pth");
        SafetensorsFile.write(
                safetensors, StateDict.of(Map.of("a", HostTensor.ofFloats(new float[] {2}, 1)), Map.of()));
        Path pytorch = new TorchArchive(
                        "archive/",
                        new PickleAssembler()
                                .orderedDict()
                                .text("a")
                                .tensor("FloatStorage", "0", 1, 0, new long[] {1}, new long[] {1})
                                .setItem()
                                .stop())
                .withFloats("0", 2)
                .write(folder.resolve("weights.safetensors"));
        try (StateDict one = Checkpoints.open(safetensors);
                StateDict other = Checkpoints.open(pytorch)) {
            assertThat(one.toFloats("a")).containsExactly(2);
            assertThat(other.toFloats("a")).containsExactly(2);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                   | is empty; download or copy it again
            '\n<!DOCTYPE html><html>404</html>'                  | is a web page, probably the error page
            'version https://git-lfs.github.com/spec/v1'         | is a Git LFS pointer
            '{"architectures": ["CLIPModel"]}'                   | is a JSON text
            'some words'                                         | is neither a safetensors file nor a PyTorch zip
            '\u0080\u0002\u008a\nlü\u009cF ù j¨P\u0019.'          | wrote before PyTorch 1.6
            '\u0080\u0003}q.'                                    | is a bare Python pickle
            '\u001f\u008b\b'                                     | gzip
            '\u0089HDF'                                          | HDF5
            'PK\u0005\u0006'                                     | is an empty zip archive
            'PK\u0003\u0004'                                     | is cut off
            """)
    void anythingElseIsCalledWhatItSeemsToBe(String content, String problem) throws IOException {
        Path file = Files.write(folder.resolve("download.pth"), content.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Checkpoints.open(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void tarArchivesDirectoriesAndMissingFilesAreNamed() throws IOException {
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        Path file = Files.write(folder.resolve("old.pth.tar"), tar);
        assertThatThrownBy(() -> Checkpoints.open(file)).hasMessageContaining("is a tar archive");
        assertThatThrownBy(() -> Checkpoints.open(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is a directory");
        assertThatThrownBy(() -> Checkpoints.open(folder.resolve("none")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("does not exist");
    }
}
