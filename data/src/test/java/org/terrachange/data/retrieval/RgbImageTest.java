package org.terrachange.data.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RgbImageTest {
    @Test
    void samplesKeepTheirPlacesInBothOrders() {
        byte[] pixels = {1, 2, 3, 4, 5, 6};

        RgbImage image = RgbImage.ofInterleaved(2, 1, pixels);

        assertThat(image.planes()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(image.interleaved()).isEqualTo(pixels);
    }

    @Test
    void shrinkingAveragesEveryPixel() {
        byte[] planes = new byte[3 * 64];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = (byte) (i % 2 == 0 ? 0 : 200);
        }

        RgbImage small = new RgbImage(8, 8, planes).resized(2);

        assertThat(small.width()).isEqualTo(2);
        for (byte value : small.planes()) {
            assertThat(value & 0xff).isBetween(85, 115);
        }
    }

    @Test
    void growingAPlainImageLeavesItPlain() {
        byte[] planes = new byte[3 * 3 * 5];
        java.util.Arrays.fill(planes, (byte) 250);

        assertThat(new RgbImage(3, 5, planes).resized(16).planes())
                .containsOnly((byte) 250)
                .hasSize(3 * 256);
    }

    @Test
    void samplesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new RgbImage(2, 2, new byte[11]))
                .hasMessage("11 samples are no colour image of 2x2 pixels");
    }
}
