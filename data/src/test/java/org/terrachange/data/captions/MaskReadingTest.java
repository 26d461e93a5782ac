package org.terrachange.data.captions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.terrachange.data.captions.ChangedThing.Fate;
import org.terrachange.data.captions.ChangedThing.Kind;
import org.terrachange.data.retrieval.RgbImage;

class MaskReadingTest {
    private static final int SIZE = 64;
    private static final int GRASS = 0x5c8040;
    private static final int SOIL = 0xb89a78;
    private static final int STREET = 0x808080;
    private static final int ROOF = 0xd8d8e0;

    /// Noisy ground with an optional roof from column and row 20 to 39.
    private static RgbImage picture(int ground, boolean roof, int seed) {
        Random random = new Random(seed);
        byte[] planes = new byte[3 * SIZE * SIZE];
        for (int i = 0; i < SIZE * SIZE; i++) {
            int colour = roof && inside(i) ? ROOF : ground;
            int noise = random.nextInt(7) - 3;
            for (int band = 0; band < 3; band++) {
                planes[band * SIZE * SIZE + i] = (byte) (((colour >> (16 - 8 * band)) & 0xff) + noise);
            }
        }
        return new RgbImage(SIZE, SIZE, planes);
    }

    private static boolean inside(int pixel) {
        int x = pixel % SIZE;
        int y = pixel / SIZE;
        return x >= 20 && x < 40 && y >= 20 && y < 40;
    }

    private static byte[] roofMask() {
        byte[] mask = new byte[SIZE * SIZE];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (inside(i) ? 1 : 0);
        }
        return mask;
    }

    private static ChangedThing read(RgbImage before, RgbImage after) {
        List<ChangedThing> things = new MaskReading(before, after).things(roofMask(), Kind.BUILDING, Fate.CHANGED);
        assertThat(things).hasSize(1);
        return things.getFirst();
    }

    @Test
    void aRoofOnFormerGrassHasAppeared() {
        ChangedThing thing = read(picture(GRASS, false, 1), picture(GRASS, true, 2));

        assertThat(thing.fate()).isEqualTo(Fate.APPEARED);
        assertThat(thing.former()).contains(LandCover.VEGETATION);
        assertThat(thing.pixels()).isEqualTo(400);
        assertThat(thing.left()).isEqualTo(20.0 / SIZE);
        assertThat(thing.bottom()).isEqualTo(40.0 / SIZE);
        assertThat(thing.single()).isTrue();
    }

    @Test
    void formerSoilIsNamed() {
        assertThat(read(picture(SOIL, false, 1), picture(SOIL, true, 2)).former())
                .contains(LandCover.BARE_SOIL);
    }

    @Test
    void theOutlineTellsWhereTheGroundDoesNot() {
        assertThat(read(picture(STREET, false, 1), picture(STREET, true, 2)).fate())
                .isEqualTo(Fate.APPEARED);
        assertThat(read(picture(STREET, true, 1), picture(STREET, false, 2)).fate())
                .isEqualTo(Fate.VANISHED);
        assertThat(read(picture(STREET, false, 1), picture(STREET, true, 2)).former())
                .isEqualTo(Optional.empty());
    }

    @Test
    void imagesThatTellNothingLeaveTheDirectionOpen() {
        assertThat(read(picture(STREET, true, 1), picture(STREET, true, 2)).fate())
                .isEqualTo(Fate.CHANGED);
    }

    @Test
    void aKnownDirectionIsKept() {
        assertThat(new MaskReading(picture(GRASS, false, 1), picture(GRASS, true, 2))
                        .things(roofMask(), Kind.BUILDING, Fate.VANISHED))
                .singleElement()
                .satisfies(thing -> assertThat(thing.fate()).isEqualTo(Fate.VANISHED))
                .satisfies(thing -> assertThat(thing.former()).isEmpty());
    }

    @Test
    void patchesAreCountedAndSpecksAreNot() {
        byte[] mask = roofMask();
        mask[0] = 1;
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                mask[(50 + i) * SIZE + 50 + j] = 1;
            }
        }

        assertThat(new MaskReading(picture(GRASS, false, 1), picture(GRASS, true, 2))
                        .things(mask, Kind.BUILDING, Fate.APPEARED))
                .extracting(ChangedThing::pixels)
                .containsExactly(400.0, 25.0);
    }

    @Test
    void buildingsThatTouchInACrossAreNotTakenForOne() {
        byte[] mask = new byte[SIZE * SIZE];
        for (int i = 4; i < 60; i++) {
            for (int j = 28; j < 36; j++) {
                mask[i * SIZE + j] = 1;
                mask[j * SIZE + i] = 1;
            }
        }

        assertThat(new MaskReading(picture(GRASS, false, 1), picture(GRASS, true, 2))
                        .things(mask, Kind.BUILDING, Fate.APPEARED))
                .singleElement()
                .satisfies(thing -> assertThat(thing.single()).isFalse());
    }
}
