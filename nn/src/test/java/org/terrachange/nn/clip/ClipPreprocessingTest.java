package org.terrachange.nn.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.SharedData;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;

class ClipPreprocessingTest {
    private final ClipPreprocessing preprocessing = ClipPreprocessing.of(ClipConfiguration.named("ViT-B-32"));

    private static byte[] planar(BufferedImage image) {
        int pixels = image.getWidth() * image.getHeight();
        byte[] planar = new byte[3 * pixels];
        int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int i = 0; i < pixels; i++) {
            for (int channel = 0; channel < 3; channel++) {
                planar[channel * pixels + i] = (byte) (rgb[i] >> (16 - 8 * channel));
            }
        }
        return planar;
    }

    @Test
    void theResultIsThatOfThePythonImagingLibrary() throws IOException {
        BufferedImage image =
                ImageIO.read(SharedData.file("clip/preprocess_input.png").toFile());
        byte[] npy = Files.readAllBytes(SharedData.file("clip/preprocess_expected_1x3x224x224.npy"));
        float[] expected = new float[3 * 224 * 224];
        ByteBuffer.wrap(npy)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(npy.length - Float.BYTES * expected.length)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(expected);
        float[] actual;
        try (var _ = new PointerScope()) {
            actual = HostCopies.toHost(preprocessing.apply(
                            planar(image), 1, image.getHeight(), image.getWidth(), ComputeMode.REFERENCE))
                    .toFloats();
        }
        double largest = 0;
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]);
            largest = Math.max(largest, difference);
            sum += difference;
        }
        assertThat(largest).isLessThan(1e-2);
        assertThat(sum / expected.length).isLessThan(1e-3);
    }

    @ParameterizedTest
    @CsvSource({"300, 500", "500, 300", "64, 64", "224, 225", "1, 7", "449, 224"})
    void imagesOfOneColourKeepItAndShapesAreThoseOfTheTower(int width, int height) {
        byte[] grey = new byte[2 * 3 * width * height];
        Arrays.fill(grey, (byte) 200);
        byte[] resized = preprocessing.resized(grey, 2, height, width);
        byte[] expected = new byte[2 * 3 * 224 * 224];
        Arrays.fill(expected, (byte) 200);
        assertThat(resized).isEqualTo(expected);
    }

    @Test
    void imagesOfTheRightSizeStayAsTheyAre() {
        byte[] image = new byte[3 * 224 * 224];
        assertThat(preprocessing.resized(image, 1, 224, 224)).isSameAs(image);
    }

    @Test
    void arraysOfAnotherSizeAreRefused() {
        assertThatThrownBy(() -> preprocessing.resized(new byte[10], 1, 2, 2)).hasMessageContaining("2x2");
    }
}
