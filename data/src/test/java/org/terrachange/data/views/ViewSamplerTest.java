package org.terrachange.data.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewSamplerTest {
    private static final int WIDTH = 80;
    private static final int HEIGHT = 64;

    private static byte[] image() {
        byte[] image = new byte[3 * WIDTH * HEIGHT];
        new Random(4).nextBytes(image);
        return image;
    }

    private static byte[] view(ViewSettings settings, byte[] image, long seed) {
        byte[] view = new byte[3 * settings.size() * settings.size()];
        new ViewSampler(settings).sample(image, WIDTH, HEIGHT, seed, view, 0);
        return view;
    }

    @Test
    void theSameSeedGivesTheSameViewAndAnotherSeedAnother() {
        ViewSettings settings = ViewSettings.published(32);
        assertThat(view(settings, image(), 7)).isEqualTo(view(settings, image(), 7));
        assertThat(view(settings, image(), 7)).isNotEqualTo(view(settings, image(), 8));
    }

    @Test
    void aViewWithoutChangesIsTheImageLaidDownInOneOfEightWays() {
        byte[] square = new byte[3 * 32 * 32];
        new Random(5).nextBytes(square);
        ViewSettings plain = new ViewSettings(32, 1, 1, 0, 0, 0);
        Set<String> ways = new HashSet<>();
        for (long seed = 0; seed < 400; seed++) {
            byte[] view = new byte[square.length];
            new ViewSampler(plain).sample(square, 32, 32, seed, view, 0);
            ways.add(java.util.Arrays.toString(view));
            byte[] sorted = view.clone();
            byte[] expected = square.clone();
            java.util.Arrays.sort(sorted);
            java.util.Arrays.sort(expected);
            // Aspects other than 1 do not fit the whole area, so the whole square is taken as it is.
            assertThat(sorted).isEqualTo(expected);
        }
        assertThat(ways).hasSize(8);
    }

    @Test
    void resizingKeepsTheMeanAndReachesEveryPixel() {
        byte[] board = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < board.length; i++) {
            board[i] = (byte) ((i % WIDTH + i / WIDTH) % 2 == 0 ? 200 : 100);
        }
        // A view of 32 from 64 and more pixels: nothing of the pattern may alias.
        byte[] view = view(new ViewSettings(32, 0.9, 1, 0, 0, 0), board, 3);
        for (int y = 2; y < 30; y++) {
            for (int x = 2; x < 30; x++) {
                assertThat((double) (view[y * 32 + x] & 0xff)).isCloseTo(150, within(12.0));
            }
        }
    }

    @Test
    void lossOfColourMakesAllPlanesEqualAndKeepsBrightness() {
        byte[] view = view(new ViewSettings(32, 0.5, 1, 0, 1, 0), image(), 11);
        for (int i = 0; i < 1024; i++) {
            assertThat(view[1024 + i]).isEqualTo(view[i]);
            assertThat(view[2048 + i]).isEqualTo(view[i]);
        }
    }

    @Test
    void turningTheHueAllTheWayRoundChangesNothing() {
        float[] picture = {0.8f, 0.1f, 0.5f, 0.3f, 0.9f, 0.5f, 0.1f, 0.2f, 0.5f};
        float[] turned = picture.clone();
        for (int i = 0; i < 5; i++) {
            ColourJitter.turnHue(turned, 3, 0.2f);
        }
        for (int i = 0; i < picture.length; i++) {
            assertThat(turned[i]).isCloseTo(picture[i], within(1e-5f));
        }
        float[] red = {1, 0, 0};
        ColourJitter.turnHue(red, 1, 1 / 3f);
        assertThat(red[0]).isCloseTo(0, within(1e-5f));
        assertThat(red[1]).isCloseTo(1, within(1e-5f));
    }

    @Test
    void blurKeepsTheSumOfAPointInTheMiddleAndSpreadsItAsAGaussian() {
        float[] picture = new float[33 * 33];
        picture[16 * 33 + 16] = 1;
        GaussianBlur.apply(picture, 33, 2);
        double sum = 0;
        double square = 0;
        for (int i = 0; i < picture.length; i++) {
            sum += picture[i];
            square += picture[i] * Math.pow(i % 33 - 16, 2);
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
        assertThat(square).isCloseTo(4, within(0.1));
    }

    @Test
    void settingsOfNoUseAreRefused() {
        assertThatThrownBy(() -> new ViewSettings(100, 0.1, 1, 1, 0.2, 0.5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ViewSettings(96, 0, 1, 1, 0.2, 0.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ViewSettings(96, 0.1, 1, 2, 0.2, 0.5))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
