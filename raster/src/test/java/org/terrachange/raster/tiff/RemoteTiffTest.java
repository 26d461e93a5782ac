package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.UnsupportedFormatException;
import org.terrachange.raster.Window;
import org.terrachange.raster.http.FlakyServer;

class RemoteTiffTest {
    @TempDir
    private Path folder;

    /// 64 tiles of 16 KiB of noise, which Deflate cannot make smaller.
    private byte[] scene() throws IOException {
        var random = new SplittableRandom(5);
        var tiles = new byte[64][];
        for (int i = 0; i < tiles.length; i++) {
            var tile = new byte[128 * 128];
            random.nextBytes(tile);
            tiles[i] = BlockCodecTest.deflate(tile);
        }
        return Files.readAllBytes(TiffBytes.littleEndian()
                .image(2048, 512, tiles)
                .number(Directory.TILE_WIDTH, 128)
                .number(Directory.TILE_LENGTH, 128)
                .number(Directory.COMPRESSION, 8)
                .write(folder.resolve("scene.tif")));
    }

    @Test
    void aRemoteSceneEqualsTheLocalOne() throws IOException {
        byte[] bytes = scene();
        try (var server = new FlakyServer(bytes);
                RasterSource remote = Rasters.open(server.url("/scene.tif"));
                RasterSource local = Rasters.open(folder.resolve("scene.tif"))) {
            assertThat(remote.location()).isEqualTo(server.url("/scene.tif"));
            assertThat(remote.reader()).isEqualTo(Rasters.OWN_READER);
            assertThat(remote.read(remote.grid().window()).bytes(0))
                    .isEqualTo(local.read(local.grid().window()).bytes(0));
        }
    }

    @Test
    void aWindowCostsFewRequestsAndLittleMoreThanItsTiles() throws IOException {
        byte[] bytes = scene();
        try (var server = new FlakyServer(bytes);
                RasterSource remote = Rasters.open(server.url("/scene.tif"))) {
            int before = server.ranges().size();
            assertThat(before).as("requests to open the file").isLessThanOrEqualTo(3);
            // Two rows of two tiles: the tiles of a row lie side by side in the file.
            remote.read(new Window(200, 300, 150, 150));
            assertThat(server.ranges().size() - before).isEqualTo(2);
            long transferred = 0;
            for (String range : server.ranges().subList(before, server.ranges().size())) {
                String[] ends = range.split("-");
                transferred += Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
            }
            assertThat(transferred).isLessThan(4 * 16384 + 4 * 32768);
            remote.read(new Window(210, 310, 20, 20));
            assertThat(server.ranges().size() - before)
                    .as("what was read is kept")
                    .isEqualTo(2);
        }
    }

    @Test
    void aSceneThatChangesUnderwayIsRefused() throws IOException {
        byte[] bytes = scene();
        try (var server = new FlakyServer(bytes);
                RasterSource remote = Rasters.open(server.url("/scene.tif"))) {
            server.replace(bytes);
            assertThatThrownBy(() -> remote.read(new Window(1500, 200, 300, 300)))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("was replaced on the server");
        }
    }

    @Test
    void whatIsNoTiffIsLeftToGdal() throws IOException {
        try (var server = new FlakyServer("<html></html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            assertThatThrownBy(() -> Rasters.open(server.url("/scene.tif")))
                    .isInstanceOf(UnsupportedFormatException.class)
                    .hasMessageStartingWith(server.url("/scene.tif") + ": is no TIFF");
        }
    }
}
