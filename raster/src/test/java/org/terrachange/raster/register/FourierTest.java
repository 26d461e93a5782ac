package org.terrachange.raster.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FourierTest {
    private static final int SIZE = 16;

    @Test
    void theTransformIsThatOfTheDefinition() {
        Random random = new Random(5);
        double[] re = random.doubles(SIZE * SIZE).toArray();
        double[] im = random.doubles(SIZE * SIZE).toArray();
        double[] real = re.clone();
        double[] imaginary = im.clone();
        new Fourier(SIZE).transform(real, imaginary, false);
        for (int v = 0; v < SIZE; v += 3) {
            for (int u = 0; u < SIZE; u += 5) {
                double sumRe = 0;
                double sumIm = 0;
                for (int y = 0; y < SIZE; y++) {
                    for (int x = 0; x < SIZE; x++) {
                        double angle = -2 * Math.PI * (u * x + v * y) / SIZE;
                        int i = y * SIZE + x;
                        sumRe += re[i] * Math.cos(angle) - im[i] * Math.sin(angle);
                        sumIm += re[i] * Math.sin(angle) + im[i] * Math.cos(angle);
                    }
                }
                assertThat(real[v * SIZE + u]).isCloseTo(sumRe, within(1e-9));
                assertThat(imaginary[v * SIZE + u]).isCloseTo(sumIm, within(1e-9));
            }
        }
    }

    @Test
    void thereAndBackMultipliesByTheNumberOfPixels() {
        double[] values = new Random(6).doubles(SIZE * SIZE).toArray();
        double[] real = values.clone();
        double[] imaginary = new double[SIZE * SIZE];
        Fourier fourier = new Fourier(SIZE);
        fourier.transform(real, imaginary, false);
        fourier.transform(real, imaginary, true);
        for (int i = 0; i < values.length; i++) {
            assertThat(real[i] / (SIZE * SIZE)).isCloseTo(values[i], within(1e-12));
            assertThat(imaginary[i]).isCloseTo(0, within(1e-9));
        }
    }

    @Test
    void sidesThatAreNoPowersOfTwoAreRefused() {
        assertThatThrownBy(() -> new Fourier(12)).isInstanceOf(IllegalArgumentException.class);
    }
}
