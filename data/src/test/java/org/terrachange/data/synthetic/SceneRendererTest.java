package org.terrachange.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.Window;

class SceneRendererTest {

    @ParameterizedTest
    @EnumSource(SceneStyle.class)
    void equalSpecificationsGiveEqualBytes(SceneStyle style) {
        SceneSpec spec = SceneSpec.of(41, 120, 100).withStyle(style);
        SyntheticPair once = SyntheticPair.of(spec);
        SyntheticPair again = SyntheticPair.of(spec);
        for (int band = 0; band < 3; band++) {
            assertThat(again.before().bytes(band)).isEqualTo(once.before().bytes(band));
            assertThat(again.after().bytes(band)).isEqualTo(once.after().bytes(band));
        }
        assertThat(again.mask().bytes(0)).isEqualTo(once.mask().bytes(0));
        assertThat(again.captions()).isEqualTo(once.captions());
    }

    @Test
    void anotherSeedGivesAnotherImage() {
        assertThat(SyntheticPair.of(SceneSpec.of(1, 64, 64)).before().bytes(0))
                .isNotEqualTo(SyntheticPair.of(SceneSpec.of(2, 64, 64)).before().bytes(0));
    }

    @ParameterizedTest
    @EnumSource(Epoch.class)
    void aWindowRenderedAloneEqualsThatPartOfTheWhole(Epoch epoch) {
        SceneRenderer renderer = new SceneRenderer(Scene.of(SceneSpec.of(7, 420, 330)));
        PixelBlock whole = renderer.render(Window.whole(420, 330), epoch);
        for (Window window : new Window[] {
            new Window(0, 0, 50, 40),
            new Window(131, 77, 97, 113),
            new Window(400, 310, 20, 20),
            new Window(5, 200, 1, 1)
        }) {
            assertSamePixels(whole, renderer.render(window, epoch));
        }
    }

    @Test
    void windowsOfAVeryLargeSceneFitTogetherWithoutRenderingTheRest() {
        SceneRenderer renderer =
                new SceneRenderer(Scene.of(SceneSpec.of(11, 6_000, 6_000).withStyle(SceneStyle.INDUSTRIAL)));
        PixelBlock large = renderer.render(new Window(4_100, 3_900, 200, 160), Epoch.AFTER);
        assertSamePixels(large, renderer.render(new Window(4_187, 3_950, 100, 90), Epoch.AFTER));
    }

    @Test
    void aWindowOutsideTheSceneIsRefused() {
        SceneRenderer renderer = new SceneRenderer(Scene.of(SceneSpec.of(1, 100, 100)));
        assertThatThrownBy(() -> renderer.render(new Window(50, 50, 51, 10), Epoch.BEFORE))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("51x10")
                .hasMessageContaining("100x100");
    }

    @Test
    void imagesUseTheTonesThatAerialImagesDo() {
        for (SceneStyle style : SceneStyle.values()) {
            PixelBlock image =
                    SyntheticPair.of(SceneSpec.of(5, 160, 160).withStyle(style)).after();
            double sum = 0;
            double squares = 0;
            int clipped = 0;
            byte[] green = image.bytes(1);
            for (byte sample : green) {
                int value = sample & 0xff;
                sum += value;
                squares += (double) value * value;
                clipped += value == 0 || value == 255 ? 1 : 0;
            }
            double mean = sum / green.length;
            assertThat(mean).as("mean of %s", style).isBetween(40.0, 180.0);
            assertThat(Math.sqrt(squares / green.length - mean * mean))
                    .as("deviation of %s", style)
                    .isBetween(10.0, 80.0);
            assertThat(clipped).as("clipped pixels of %s", style).isLessThan(green.length / 10);
        }
    }

    private static void assertSamePixels(PixelBlock whole, PixelBlock part) {
        for (int band = 0; band < 3; band++) {
            for (int row = 0; row < part.window().height(); row++) {
                for (int column = 0; column < part.window().width(); column++) {
                    int inWhole = (part.window().y() + row - whole.window().y())
                                    * whole.window().width()
                            + part.window().x()
                            + column
                            - whole.window().x();
                    byte alone = part.bytes(band)[row * part.window().width() + column];
                    if (alone != whole.bytes(band)[inWhole]) {
                        assertThat(alone)
                                .as("band %d, column %d, row %d of %s", band, column, row, part.window())
                                .isEqualTo(whole.bytes(band)[inWhole]);
                    }
                }
            }
        }
    }
}
