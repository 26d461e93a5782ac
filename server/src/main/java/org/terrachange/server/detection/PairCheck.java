package org.terrachange.server.detection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.detect.scene.Alignment;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.register.Shift;
import org.terrachange.raster.warp.MisfitException;
import org.terrachange.server.storage.ImageRef;
import org.terrachange.server.storage.ImageStore;
import org.terrachange.server.web.Refusal;

/// What is understood of two images before a detection is run over them.
///
/// @param before names the earlier image
/// @param after names the later image
/// @param grid on which results will lie
/// @param overlap share of the earlier image, or of the later one where that is less, that both show; 0 to 1
/// @param shift of the later image against the earlier one; absent where none could be told with confidence
/// @param notes what a user should know before trusting a result
public record PairCheck(
        ImageRef before,
        ImageRef after,
        ResultGrid grid,
        double overlap,
        Optional<FoundShift> shift,
        List<String> notes) {

    /// Where results will lie.
    ///
    /// @param crs name of the coordinate reference system
    /// @param pixelSize width and height of a pixel in units of the CRS
    /// @param metres side of a pixel on the ground; absent where the scene lies on no ground
    public record ResultGrid(
            int width,
            int height,
            Optional<String> crs,
            Optional<List<Double>> pixelSize,
            boolean georeferenced,
            Optional<Double> metres) {

        static ResultGrid of(Grid grid, OptionalDouble gsd) {
            return new ResultGrid(
                    grid.width(),
                    grid.height(),
                    grid.crs().map(Crs::name),
                    grid.transform().map(ResultGrid::size),
                    grid.isGeoreferenced(),
                    gsd.isPresent() ? Optional.of(gsd.getAsDouble()) : Optional.empty());
        }

        private static List<Double> size(Affine transform) {
            return List.of(transform.pixelWidth(), transform.pixelHeight());
        }
    }

    /// How far the later image is shifted.
    ///
    /// @param x pixels to the right
    /// @param y pixels down
    /// @param metres its length on the ground; absent where the scene lies on no ground
    public record FoundShift(double x, double y, Optional<Double> metres) {}

    /// Opens two images and brings them together.
    ///
    /// @throws Refusal with 422 if one does not exist or is damaged, or if they do not fit together
    public static PairCheck of(ImageRef before, ImageRef after, ImageStore images, SharedDetector detector)
            throws IOException {
        try {
            OpenPair open = OpenPair.of(
                    images.get(before), images.get(after), detector.card().gsdRange(), images.mostPixels());
            try (ScenePair pair = ScenePair.between(
                    open.before(),
                    open.after(),
                    SceneRequest.of("before", "after"),
                    detector.card().gsdRange())) {
                return of(before, after, pair);
            }
        } catch (RasterException | MisfitException | CrsException e) {
            throw Refusal.unprocessable(String.valueOf(e.getMessage()));
        }
    }

    private static PairCheck of(ImageRef before, ImageRef after, ScenePair pair) {
        Alignment alignment = pair.alignment();
        Shift shift = alignment.shift();
        List<String> notes = new ArrayList<>(alignment.warnings());
        notes.replaceAll(note -> note.replace("; --register corrects that", ""));
        return new PairCheck(
                before,
                after,
                ResultGrid.of(pair.grid(), alignment.gsd()),
                1 - Math.max(alignment.before().dropped(), alignment.after().dropped()),
                shift.isTrusted()
                        ? Optional.of(new FoundShift(
                                shift.right(),
                                shift.down(),
                                alignment.shiftMetres().isPresent()
                                        ? Optional.of(alignment.shiftMetres().getAsDouble())
                                        : Optional.empty()))
                        : Optional.empty(),
                notes);
    }
}
