package org.terrachange.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class SceneSpecTest {

    @Test
    void aSceneTooLargeForTheGroundIsRefusedWithItsArea() {
        assertThatThrownBy(() -> SceneSpec.of(1, 40_000, 40_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("400 square kilometres")
                .hasMessageContaining("fewer pixels");
    }

    @Test
    void aPixelOfNoSizeIsRefused() {
        assertThatThrownBy(() -> SceneSpec.of(1, 100, 100).withMetresPerPixel(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
    }

    @Test
    void seedsStandForEveryStyle() {
        EnumSet<SceneStyle> drawn = EnumSet.noneOf(SceneStyle.class);
        for (long seed = 0; seed < 60; seed++) {
            drawn.add(SceneStyle.ofSeed(seed));
        }
        assertThat(drawn).containsExactlyInAnyOrder(SceneStyle.values());
    }
}
