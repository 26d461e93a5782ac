package org.terrachange.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.terrachange.raster.Window;

class CanvasTest {
    private static final Acquisition LEANING = Acquisition.draw(Dice.of(3), 0.5);

    @Test
    void aFilledPolygonCoversItsAreaToWithinAThousandth() {
        Canvas canvas = new Canvas(new Window(-10, -10, 140, 120), LEANING, 0.5);
        Box box = new Box(new Point(25, 20), Point.towards(0.4), 12.3, 7.1);
        double[] covered = {0};
        canvas.fill(box.ring(), 6, (_, _, _, coverage) -> covered[0] += coverage * 0.25);
        assertThat(covered[0]).isCloseTo(4 * 12.3 * 7.1, within(4 * 12.3 * 7.1 / 1000));
    }

    @Test
    void aThinLineKeepsItsAreaWhereItIsNarrowerThanAPixel() {
        Canvas canvas = new Canvas(new Window(0, 0, 200, 100), LEANING, 0.5);
        Polyline line = Polyline.of(new Point(10, 10.2), new Point(80, 10.2));
        double[] covered = {0};
        canvas.stroke(line, 0.08, (_, _, _, coverage) -> covered[0] += coverage * 0.25);
        assertThat(covered[0]).isCloseTo(70 * 0.16, within(0.2));
    }

    @Test
    void aRoofIsDisplacedByItsHeight() {
        Canvas canvas = new Canvas(new Window(0, 0, 10, 10), LEANING, 0.5);
        assertThat(canvas.column(100, 10) - canvas.column(100, 0)).isCloseTo(20 * LEANING.leanEast(), within(1e-9));
        assertThat(canvas.groundX(canvas.column(100, 10), 10)).isCloseTo(100, within(1e-9));
    }
}
