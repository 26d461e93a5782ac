package org.terrachange.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
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
        return new Augmentation(0.6, 1.5, 0.5, 0.5, 0, 0, swap);
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
        CropSampler sampler = new CropSampler(new Augmentation(1, 1, 1, 0, 0, 0, 0), 32);
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
    void withoutColourChangesPixelsKeepTheirValues() {
        Crop crop = new CropSampler(new Augmentation(1, 1, 0, 0, 0, 0, 0), 32).sample(pair(), 1);
        for (byte value : crop.after()) {
            assertThat(value & 0xff).isIn(0, 127, 128, 255);
        }
    }
}
