package org.terrachange.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.Window;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SyntheticPairWriterTest {
    /// Wider than a tile and taller than a strip, so that the seams are in the picture.
    private static final Scene SCENE = Scene.of(SceneSpec.of(6, 600, 530).withStyle(SceneStyle.SUBURB));

    @TempDir
    private Path folder;

    @Test
    void aPairIsWrittenWholeWithItsTruth() throws IOException {
        SyntheticPairWriter.write(SCENE, folder);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "before.tif", "after.tif", "mask.tif", "changes.geojson", "captions.json");
        }
        JsonMapper json = new JsonMapper();
        JsonNode changes = json.readTree(folder.resolve("changes.geojson"));
        assertThat(changes.get("features").size())
                .isEqualTo(new SceneTruth(SCENE).objects().size());
        JsonNode position = changes.at("/features/0/geometry/coordinates/0/0/0");
        assertThat(position.get(0).asDouble()).isBetween(12.0, 18.0);
        assertThat(position.get(1).asDouble()).isBetween(45.0, 52.0);
        JsonNode captions = json.readTree(folder.resolve("captions.json"));
        assertThat(captions.get("changeflag").asInt()).isEqualTo(1);
        assertThat(captions.get("sentences").size()).isBetween(3, 5);
    }

    @Test
    void gdalReadsTheSamePixelsOnTheSameGround() throws IOException, InterruptedException {
        assumeTrue(
                runs("gdal_translate", "--version"), "gdal_translate is not installed: GDAL's reading goes unchecked");
        SyntheticPairWriter.write(SCENE, folder);
        Window all = Window.whole(600, 530);
        PixelBlock after = new SceneRenderer(SCENE).render(all, Epoch.AFTER);
        byte[] read = translated("after.tif");
        for (int band = 0; band < 3; band++) {
            byte[] bandRead = Arrays.copyOfRange(read, band * 600 * 530, (band + 1) * 600 * 530);
            assertThat(Arrays.equals(bandRead, after.bytes(band)))
                    .as("band %d as rendered", band)
                    .isTrue();
        }
        assertThat(Arrays.equals(translated("mask.tif"), new SceneTruth(SCENE).mask(all)))
                .isTrue();
        assertThat(Files.readString(folder.resolve("mask.tif.hdr"))).contains("UTM", "33, North");
    }

    private byte[] translated(String name) throws IOException, InterruptedException {
        Path raw = folder.resolve(name + ".img");
        assertThat(runs(
                        "gdal_translate",
                        "-q",
                        "-of",
                        "ENVI",
                        "-co",
                        "INTERLEAVE=BSQ",
                        folder.resolve(name).toString(),
                        raw.toString()))
                .isTrue();
        return Files.readAllBytes(raw);
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
