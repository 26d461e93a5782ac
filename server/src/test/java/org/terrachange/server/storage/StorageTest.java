package org.terrachange.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.locationtech.jts.geom.Envelope;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.server.web.Refusal;

class StorageTest {
    @TempDir
    Path folder;

    private static void image(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Grid grid = Grid.plain(8, 8);
        try (CogWriter writer = CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, 1))) {
            writer.append(PixelBlock.ofBytes(grid.window(), new byte[64]));
            writer.finish();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "upload:0123456789abcdef0123456789abcdef",
        "data:town/park_before.tif",
        "sample:suburb/before",
        "sample:suburb/after"
    })
    void aReferenceReadsAsItIsWritten(String text) {
        assertThat(ImageRef.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "upload",
                "upload:",
                "upload:../../x",
                "upload:0123456789ABCDEF0123456789ABCDEF",
                "upload:0123456789abcdef0123456789abcdef0",
                "data:",
                "sample:suburb",
                "sample:suburb/during",
                "sample:../suburb/before",
                "sample:suburb/before/x",
                "http://example.org/a.tif",
                "/etc/passwd"
            })
    void whatNamesNoImageIsRefused(String text) {
        assertThatThrownBy(() -> ImageRef.parse(text)).isInstanceOf(Refusal.class);
    }

    @Test
    void linksThatLeaveTheServedFolderLeadNowhere() throws Exception {
        image(folder.resolve("outside/secret.tif"));
        image(folder.resolve("served/inside.tif"));
        Path served = folder.resolve("served");
        Files.createSymbolicLink(served.resolve("file.tif"), folder.resolve("outside/secret.tif"));
        Files.createSymbolicLink(served.resolve("folder"), folder.resolve("outside"));
        Files.createSymbolicLink(served.resolve("alias.tif"), served.resolve("inside.tif"));
        ServedFolder data = new ServedFolder(served);

        assertThat(data.find(new ImageRef.Data("inside.tif"))).isPresent();
        assertThat(data.find(new ImageRef.Data("alias.tif"))).isPresent();
        assertThat(data.find(new ImageRef.Data("file.tif"))).isEmpty();
        assertThat(data.find(new ImageRef.Data("folder/secret.tif"))).isEmpty();
        assertThat(data.find(new ImageRef.Data("../outside/secret.tif"))).isEmpty();
    }

    @Test
    void theServedFolderGivesOutImagesOnly() throws Exception {
        Files.createDirectories(folder.resolve("served"));
        Files.writeString(folder.resolve("served/notes.tif"), "not an image");
        Files.writeString(folder.resolve("served/mosaic.vrt"), "<VRTDataset><SourceFilename>/etc/passwd");
        image(folder.resolve("served/.hidden/a.tif"));
        ServedFolder data = new ServedFolder(folder.resolve("served"));

        for (String path : new String[] {"notes.tif", "mosaic.vrt", ".hidden/a.tif", "missing.tif", "."}) {
            assertThat(data.find(new ImageRef.Data(path))).as(path).isEmpty();
        }
        assertThat(data.pairs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "photo.tif|photo.tif",
                "../../etc/passwd|passwd",
                "C:\\Users\\me\\photo.tif|photo.tif",
                "a/b/|image",
                "''|image"
            })
    void theNameOfAnUploadIsForReadingOnly(String given, String shown) {
        assertThat(Uploads.label(given)).isEqualTo(shown);
    }

    @Test
    void theNameOfAnUploadHasNothingThatATerminalObeys() {
        assertThat(Uploads.label("x\0\n\u202ey.tif")).isEqualTo("xy.tif");
        // Half a character cannot be written to a file.
        assertThat(Uploads.label("a".repeat(119) + "\ud83d\udef0.tif")).isEqualTo("a".repeat(119));
    }

    @Test
    void deletingAFolderDoesNotFollowLinks() throws Exception {
        Path kept = folder.resolve("kept/file");
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, "x");
        Path doomed = Files.createDirectories(folder.resolve("doomed/deep"));
        Files.createSymbolicLink(doomed.resolve("link"), kept.getParent());
        FolderTree.delete(folder.resolve("doomed"));
        FolderTree.delete(folder.resolve("doomed"));

        assertThat(folder.resolve("doomed")).doesNotExist();
        assertThat(kept).exists();
    }

    @Test
    void samplesAreOfferedOnlyWhereTheyAreAskedForAndKeptForEarlierResults() throws Exception {
        SampleScenes asked = new SampleScenes(folder, true);
        assertThat(asked.state()).isEqualTo(SampleScenes.State.MAKING);
        Files.createDirectories(folder.resolve("suburb"));
        assertThat(asked.state()).isEqualTo(SampleScenes.State.MAKING);
        assertThat(asked.ready()).hasSize(1);
        for (String scene : List.of("industrial", "countryside")) {
            Files.createDirectories(folder.resolve(scene));
        }
        assertThat(asked.state()).isEqualTo(SampleScenes.State.COMPLETE);

        SampleScenes notAsked = new SampleScenes(folder, false);
        assertThat(notAsked.state()).isEqualTo(SampleScenes.State.NONE);
        assertThat(notAsked.ready()).isEmpty();
        assertThat(notAsked.find(new ImageRef.Sample("suburb", "after"))).isPresent();
    }

    @Test
    void samplesThatCannotBeMadeAreSaidToHaveFailed() throws Exception {
        SampleScenes samples = new SampleScenes(folder.resolve("samples"), true);
        Files.delete(folder.resolve("samples"));
        Files.writeString(folder.resolve("samples"), "no folder");

        assertThatThrownBy(samples::make).isInstanceOf(IOException.class);

        assertThat(samples.state()).isEqualTo(SampleScenes.State.FAILED);
    }

    @Test
    void aLookThatTakesTooLongIsCutShort() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (DecodeLimit limit = new DecodeLimit(Duration.ofMillis(100))) {
            assertThatThrownBy(() -> limit.call(() -> {
                        never.await();
                        return 1;
                    }))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("took longer");
            // The place is free again, since the look heeded the interrupt.
            assertThat(limit.call(() -> 2)).isEqualTo(2);
        }
    }

    @Test
    void whatGoesWrongInADecoderIsTheImagesFault() {
        try (DecodeLimit limit = new DecodeLimit(Duration.ofSeconds(5))) {
            assertThatThrownBy(() -> limit.call(() -> {
                        throw new IndexOutOfBoundsException("17");
                    }))
                    .isInstanceOfSatisfying(
                            Refusal.class, e -> assertThat(e.status().getCode()).isEqualTo(422));
        }
    }

    @Test
    void aFileWithSeveralNamesCountsOnceInAll() throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("unix"), "no links to be told");
        Path uploads = Files.createDirectories(folder.resolve("uploads"));
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.write(uploads.resolve("image"), new byte[900]);
        Files.createLink(jobs.resolve("before"), uploads.resolve("image"));
        Files.createLink(jobs.resolve("after"), uploads.resolve("image"));
        Files.write(jobs.resolve("result"), new byte[50]);

        assertThat(FolderTree.bytes(uploads) + FolderTree.bytes(jobs)).isEqualTo(950);
        FolderTree.delete(uploads);
        assertThat(FolderTree.bytes(jobs)).isEqualTo(950);
        assertThat(FolderTree.bytes(uploads)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "10,   12,   10,   12,   1",
        "-180, -178, -180, -178, 1",
        "178,  180,  178,  180,  1",
        "-180, 180,  -180, 180,  1",
        "0,    360,  -180, 180,  1",
        "179,  181,  179,  -179, 2",
        "-181, -179, 179,  -179, 2",
        "1,    359,  1,    -1,   2"
    })
    void longitudesOfABoxLieWithinHalfATurn(double low, double high, double west, double east, int parts) {
        LonLatBox box = LonLatBox.of(new Envelope(low, high, -3, 4));

        assertThat(box.edges()).containsExactly(west, -3.0, east, 4.0);
        assertThat(box.parts())
                .hasSize(parts)
                .allSatisfy(part -> assertThat(part.west()).isLessThan(part.east()));
        assertThat(box.parts().stream()
                        .mapToDouble(part -> part.east() - part.west())
                        .sum())
                .isCloseTo(high - low, within(1e-9));
    }
}
