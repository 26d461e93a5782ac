package org.terrachange.raster.fuzz;

import java.util.Optional;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Palette;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Window;

/// Uses a source in every way its contract offers, within a budget of samples, and holds it to the contract.
final class SourceExercise {
    /// Samples to read of one image: enough to cross blocks, few enough that a file claiming to be vast costs nothing.
    private static final int SAMPLES = 1 << 15;

    private final String beginning;

    private SourceExercise(String beginning) {
        this.beginning = beginning;
    }

    /// What opens a source that is to be exercised.
    @FunctionalInterface
    interface Opening {
        RasterSource open() throws RasterException;
    }

    /// Opens, exercises and closes a source.
    ///
    /// @param beginning what every message must begin with
    /// @throws AssertionError if the source breaks its contract
    static void run(String beginning, Opening opening) {
        var exercise = new SourceExercise(beginning);
        exercise.attempt(() -> {
            try (RasterSource source = opening.open()) {
                exercise.everything(source);
            }
        });
    }

    private void everything(RasterSource source) {
        pixels(source);
        source.palette().ifPresent(SourceExercise::colours);
        source.mask().ifPresent(mask -> {
            require(mask.bands() == 1, "a mask has " + mask.bands() + " bands");
            require(mask.grid().window().equals(source.grid().window()), "the mask has another size");
            pixels(mask);
        });
        for (double factor : new double[] {1, 2, 7.5, 1e9}) {
            attempt(() -> {
                RasterSource reduced = source.overview(factor);
                Grid whole = source.grid();
                require(
                        whole.width() <= Math.ceil(reduced.grid().width() * factor)
                                && whole.height() <= Math.ceil(reduced.grid().height() * factor),
                        "the overview for " + factor + " has only "
                                + reduced.grid().window());
                pixels(reduced);
            });
        }
        source.grid().crs().ifPresent(crs -> {
            String name = crs.name();
            double unit = crs.metresPerUnit();
            require(!name.isEmpty() && !Double.isNaN(unit), "a CRS without name or unit");
        });
    }

    private void pixels(RasterSource source) {
        Window whole = source.grid().window();
        for (int band = 0; band < source.bands(); band++) {
            require(source.role(band) != null, "band " + band + " has no role");
        }
        read(source, middle(whole, SAMPLES / source.bands()));
        int least = Math.min(source.bands() - 1, 2);
        var corner = new Window(whole.right() - 1, whole.bottom() - 1, 1, 1);
        read(source, corner, least);
        read(source, new Window(0, 0, Math.min(whole.width(), SAMPLES), 1), least, 0);
        read(source, new Window(0, 0, 1, Math.min(whole.height(), 1000)), 0);
    }

    /// The largest window around the middle that has at most `samples` pixels.
    private static Window middle(Window whole, int samples) {
        int side = Math.max(1, (int) Math.sqrt(samples));
        int width = Math.min(whole.width(), side);
        int height = Math.min(whole.height(), side);
        return new Window((whole.width() - width) / 2, (whole.height() - height) / 2, width, height);
    }

    private void read(RasterSource source, Window window, int... bands) {
        attempt(() -> {
            PixelBlock block = source.read(window, bands);
            require(block.window().equals(window) && block.type() == source.type(), "another block than asked for");
            block.value(bands.length == 0 ? source.bands() - 1 : bands.length - 1, (int) window.area() - 1);
        });
    }

    private static void colours(Palette palette) {
        for (int index = 0; index < Math.min(palette.size(), SAMPLES); index++) {
            palette.argb(index);
        }
    }

    @FunctionalInterface
    private interface Step {
        void take() throws RasterException;
    }

    /// Takes a step that may fail as long as it says so in one line that names the image.
    private void attempt(Step step) {
        try {
            step.take();
        } catch (RasterException e) {
            String message = Optional.ofNullable(e.getMessage()).orElse("");
            require(message.startsWith(beginning), "a message that does not name the image: " + message);
            require(message.length() <= beginning.length() + 600, "a message that is too long: " + message);
            require(message.chars().noneMatch(Character::isISOControl), "a message with control codes: " + message);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
