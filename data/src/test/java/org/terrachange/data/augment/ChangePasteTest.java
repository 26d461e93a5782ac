package org.terrachange.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChangePasteTest {
    private static final int SIZE = 32;
    private static final int AREA = SIZE * SIZE;

    /// One grey level a date, and changed pixels in the square of columns and rows `from` to `to`.
    private static Crop crop(int before, int after, int from, int to) {
        byte[] change = new byte[AREA];
        byte[] later = filled(after);
        for (int y = from; y < to; y++) {
            for (int x = from; x < to; x++) {
                change[y * SIZE + x] = 1;
            }
        }
        return new Crop(SIZE, filled(before), later, change);
    }

    private static byte[] filled(int value) {
        byte[] samples = new byte[3 * AREA];
        Arrays.fill(samples, (byte) value);
        return samples;
    }

    /// A crop of dark ground with a bright square that appeared.
    private static Crop donor() {
        Crop flat = crop(60, 60, 12, 20);
        for (int i = 0; i < AREA; i++) {
            if (flat.change()[i] != 0) {
                for (int band = 0; band < 3; band++) {
                    flat.after()[band * AREA + i] = (byte) 160;
                }
            }
        }
        return flat;
    }

    @Test
    void whatAppearedElsewhereAppearsHereInTheLightOfThisCrop() {
        Crop ground = crop(100, 90, 0, 0);

        Crop pasted = ChangePaste.onto(ground, donor(), true);

        assertThat(pasted.before()).isEqualTo(ground.before());
        assertThat(pasted.change()).isEqualTo(donor().change());
        // The seam also holds some of the square, so that the shift is a little less than from ground to ground.
        assertThat(pasted.after()[16 * SIZE + 16] & 0xff).isBetween(160, 190);
        for (int i = 0; i < AREA; i++) {
            int x = i % SIZE;
            int y = i / SIZE;
            int away = Math.max(Math.max(12 - x, x - 19), Math.max(12 - y, y - 19));
            if (away > 6) {
                assertThat(pasted.after()[i] & 0xff).as("(%d, %d)", x, y).isEqualTo(90);
            } else if (away > 0) {
                assertThat(pasted.after()[i] & 0xff).as("(%d, %d)", x, y).isBetween(80, 100);
            }
        }
    }

    @Test
    void laidOntoTheEarlierDateItVanishes() {
        Crop ground = crop(100, 90, 0, 0);

        Crop pasted = ChangePaste.onto(ground, donor(), false);

        assertThat(pasted.after()).isEqualTo(ground.after());
        assertThat(pasted.before()[16 * SIZE + 16] & 0xff).isGreaterThan(160);
        assertThat(pasted.change()).isEqualTo(donor().change());
    }

    @Test
    void whatHadChangedBeforeStaysChanged() {
        Crop pasted = ChangePaste.onto(crop(100, 90, 2, 5), donor(), true);

        int changed = 0;
        for (byte c : pasted.change()) {
            changed += c;
        }
        assertThat(changed).isEqualTo(3 * 3 + 8 * 8);
    }

    @Test
    void regionsThatTouchChangesOfTheCropAreLeftOut() {
        Crop two = donor();
        for (int i = 0; i < 3; i++) {
            two.change()[25 * SIZE + 25 + i] = 1;
        }

        // One corner of the square, and nothing of the short row.
        Crop pasted = ChangePaste.onto(crop(100, 90, 19, 21), two, true);

        int changed = 0;
        for (byte c : pasted.change()) {
            changed += c;
        }
        assertThat(changed).isEqualTo(2 * 2 + 3);
        assertThat(pasted.after()[14 * SIZE + 14] & 0xff).isEqualTo(90);
        assertThat(pasted.change()[25 * SIZE + 27]).isEqualTo((byte) 1);
    }

    @Test
    void withoutChangesOrWithTooManyTheCropStaysAsItIs() {
        Crop ground = crop(100, 90, 2, 5);

        assertThat(ChangePaste.onto(ground, crop(60, 60, 0, 0), true)).isSameAs(ground);
        assertThat(ChangePaste.onto(ground, crop(60, 60, 0, 24), true)).isSameAs(ground);
    }

    @Test
    void neitherCropIsWrittenInto() {
        Crop ground = crop(100, 90, 2, 5);
        Crop donor = donor();

        ChangePaste.onto(ground, donor, true);

        assertThat(ground.after()).isEqualTo(filled(90));
        assertThat(ground.change()).isEqualTo(crop(0, 0, 2, 5).change());
        assertThat(donor.after()).isEqualTo(donor().after());
    }
}
