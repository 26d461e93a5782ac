package org.terrachange.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.data.pairs.PairImages;

class CropSamplerTest {
    private static final int SIZE = 96;

    /// The first date is black, the second white exactly where the mask says change.
    private static PairImages pair() {
        byte[] before = new byte[3 * SIZE * SIZE];
        byte[] after = new byte[3 * SIZE * SIZE];
        byte[] change = new byte[SIZE * SIZE];
        for (int y = 40; y < 70; y++) {
            for (int x = 10; x < 50; x++) {
                int i = y * SIZE + x;
                change[i] = 1;
                for (int band = 0; band < 3; band++) {
                    after[band * SIZE * SIZE + i] = (byte) 255;
                }
            }
        }
        return new PairImages(SIZE, SIZE, before, after, change);
    }

    private static Augmentation geometry(double swap) {
        return new Augmentation(0.6, 1.5, 0.5, 0.5, 0, 0, swap, 0);
    }

    @Test
    void theSameSeedGivesTheSameCropAndAnotherSeedAnother() {
        CropSampler sampler = new CropSampler(Augmentation.standard(), 64);
        Crop first = sampler.sample(pair(), 7);
        Crop again = sampler.sample(pair(), 7);
        Crop other = sampler.sample(pair(), 8);
        assertThat(again.before()).isEqualTo(first.before());
        assertThat(again.after()).isEqualTo(first.after());
        assertThat(again.change()).isEqualTo(first.change());
        assertThat(other.after()).isNotEqualTo(first.after());
    }

    @Test
    void theMaskFollowsTheImagesThroughEveryTurnAndScale() {
        CropSampler sampler = new CropSampler(geometry(0), 64);
        for (long seed = 0; seed < 50; seed++) {
            Crop crop = sampler.sample(pair(), seed);
            for (int i = 0; i < crop.change().length; i++) {
                boolean white = (crop.after()[i] & 0xff) >= 128;
                int sum = (crop.after()[i] & 0xff);
                // Only pixels that resampling left halfway between black and white may fall on either side.
                if (sum < 120 || sum > 135) {
                    assertThat(crop.change()[i] != 0)
                            .as("seed %d, pixel %d", seed, i)
                            .isEqualTo(white);
                }
            }
        }
    }

    @Test
    void swappingExchangesTheDatesAndKeepsTheMask() {
        Crop kept = new CropSampler(geometry(0), 64).sample(pair(), 3);
        Crop swapped = new CropSampler(geometry(1), 64).sample(pair(), 3);
        assertThat(swapped.before()).isEqualTo(kept.after());
        assertThat(swapped.after()).isEqualTo(kept.before());
        assertThat(swapped.change()).isEqualTo(kept.change());
    }

    @Test
    void cropsCentredOnChangeShowIt() {
        CropSampler sampler = new CropSampler(new Augmentation(1, 1, 1, 0, 0, 0, 0, 0), 32);
        int withChange = 0;
        for (long seed = 0; seed < 40; seed++) {
            for (byte c : sampler.sample(pair(), seed).change()) {
                if (c != 0) {
                    withChange++;
                    break;
                }
            }
        }
        assertThat(withChange).isEqualTo(40);
    }

    @Test
    void pixelExactCropsHaveThePixelsOfTheImage() {
        CropSampler sampler = new CropSampler(new Augmentation(0.6, 1.5, 1, 1, 2, 0, 0, 1), 32);
        for (long seed = 0; seed < 20; seed++) {
            Crop crop = sampler.sample(pair(), seed);
            int white = 0;
            for (int i = 0; i < crop.change().length; i++) {
                assertThat(crop.after()[i] & 0xff).as("seed %d", seed).isEqualTo(crop.change()[i] != 0 ? 255 : 0);
                white += crop.change()[i];
            }
            // The edge of the square is in sight, so that a blur would show.
            assertThat(white).as("seed %d", seed).isBetween(1, 32 * 32 - 1);
        }
    }

    @Test
    void aCropBetweenPixelsIsThatOfACubicKernel() {
        // A ramp stays a ramp under any kernel that keeps straight lines; a linear one would do so too, but would
        // lower the peak below.
        byte[] peak = new byte[3 * SIZE * SIZE];
        for (int i = 0; i < peak.length; i++) {
            peak[i] = (byte) (i % SIZE % 2 == 0 ? 100 : 140);
        }
        PairImages stripes = new PairImages(SIZE, SIZE, peak, peak, new byte[SIZE * SIZE]);
        CropSampler sampler = new CropSampler(new Augmentation(0.25, 0.25, 0, 0, 0, 0, 0, 0), 32);
        Crop crop = sampler.sample(stripes, 5);
        int least = 255;
        int most = 0;
        for (int i = 0; i < 32 * 32; i++) {
            least = Math.min(least, crop.before()[i] & 0xff);
            most = Math.max(most, crop.before()[i] & 0xff);
        }
        // At four samples a pixel one lies within an eighth of each centre: linear interpolation gives 105 to 135 at
        // worst there, the cubic 101 to 139.
        assertThat(least).isLessThan(103);
        assertThat(most).isGreaterThan(137);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void aSlopeStaysASlopeUnderEveryTurn(double freeRotation) {
        byte[] slope = new byte[3 * SIZE * SIZE];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = (byte) (2 * (i % SIZE) + 20);
        }
        PairImages pair = new PairImages(SIZE, SIZE, slope, slope, new byte[SIZE * SIZE]);
        for (double scale : new double[] {0.4, 1, 1.7}) {
            CropSampler sampler = new CropSampler(new Augmentation(scale, scale, 0, freeRotation, 0, 0, 0, 0), 32);
            for (long seed = 0; seed < 20; seed++) {
                byte[] crop = sampler.sample(pair, seed).before();
                // Eight pixels around the middle: where the image ends, it is mirrored.
                double right = ((crop[16 * 32 + 20] & 0xff) - (crop[16 * 32 + 12] & 0xff)) / 8.0;
                double down = ((crop[20 * 32 + 16] & 0xff) - (crop[12 * 32 + 16] & 0xff)) / 8.0;
                assertThat(Math.hypot(right, down))
                        .as("scale %.1f, seed %d", scale, seed)
                        .isCloseTo(2 * scale, within(0.2));
                if (freeRotation == 0) {
                    assertThat(Math.min(Math.abs(right), Math.abs(down))).isZero();
                }
            }
        }
    }

    @Test
    void onGroundTheScalesFollowTheSizeOfPixelsInMetres() {
        Augmentation pixels = new Augmentation(0.7, 1.3, 0.6, 0.1, 0, 0, 0.5, 0.3);

        assertThat(pixels.onGround(0.5, 0.4, 1.0)).isEqualTo(new Augmentation(0.8, 2, 0.6, 0.1, 0, 0, 0.5, 0.3));
        assertThat(pixels.onGround(2, 0.4, 1.0)).isEqualTo(new Augmentation(0.2, 0.5, 0.6, 0.1, 0, 0, 0.5, 0));
        assertThatThrownBy(() -> pixels.onGround(0, 0.4, 1)).hasMessageContaining("above 0 m");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.5, Double.NaN})
    void whatIsNoShareIsRefused(double share) {
        assertThatThrownBy(() -> new Augmentation(0.7, 1.3, 0.6, 0.1, 0, 0, 0.5, share))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> new Augmentation(0.7, 1.3, 0.6, share, 0, 0, 0.5, 0.3))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
