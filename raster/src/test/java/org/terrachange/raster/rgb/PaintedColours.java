package org.terrachange.raster.rgb;

import org.terrachange.raster.Grid;
import org.terrachange.raster.Window;

/// Colours computed from a formula, for tests.
public record PaintedColours(Grid grid, boolean isEightBit, Formula formula, Hole hole) implements ColourSource {

    /// The value of one colour at one pixel.
    public interface Formula {
        double at(int colour, int x, int y);
    }

    /// Whether a pixel is missing.
    public interface Hole {
        boolean at(int x, int y);
    }

    public static PaintedColours of(Grid grid, Formula formula) {
        return new PaintedColours(grid, true, formula, (_, _) -> false);
    }

    @Override
    public ColourBlock read(Window window) {
        ColourBlock block = ColourBlock.empty(window);
        for (int y = 0; y < window.height(); y++) {
            for (int x = 0; x < window.width(); x++) {
                int i = y * window.width() + x;
                block.missing()[i] = hole.at(x + window.x(), y + window.y());
                for (int colour = 0; colour < 3; colour++) {
                    block.planes()[colour][i] = (float) formula.at(colour, x + window.x(), y + window.y());
                }
            }
        }
        return block;
    }
}
