package org.terrachange.detect.scene;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.raster.register.Shift;

/// How two images were brought together, for reports.
///
/// @param target whose pixels the results have: `before`, `after` or `finer`
/// @param before what became of the earlier image
/// @param after what became of the later one
/// @param gsd side of the results' pixels on the ground, in metres; absent where the scene lies on no ground
/// @param shift of the later image against the earlier one as found on the common grid, in its pixels
/// @param shiftMetres the length of that shift on the ground; absent where the scene lies on no ground
/// @param corrected whether the shift was corrected
/// @param remaining the shift measured again after the correction; absent where there was none
/// @param stretchLow values of red, green and blue that became black; absent where both images are 8-bit, and where
///     each was stretched by itself
/// @param stretchHigh values of red, green and blue that became white
/// @param areaOfInterest the file to whose polygons the work was confined
/// @param warnings what a user should know before trusting the result
public record Alignment(
        String target,
        Image before,
        Image after,
        OptionalDouble gsd,
        Shift shift,
        OptionalDouble shiftMetres,
        boolean corrected,
        Optional<Shift> remaining,
        Optional<List<Double>> stretchLow,
        Optional<List<Double>> stretchHigh,
        Optional<String> areaOfInterest,
        List<String> warnings) {

    public Alignment {
        warnings = List.copyOf(warnings);
    }

    /// What became of one image.
    ///
    /// @param width columns of the file
    /// @param height its rows
    /// @param crs name of its CRS
    /// @param gsd side of its pixels on the ground, in metres
    /// @param reader what opened it
    /// @param resampling how it was resampled; absent where its pixels were used as they are
    /// @param dropped share of its area that the other image does not show, 0 to 1
    public record Image(
            int width,
            int height,
            Optional<String> crs,
            OptionalDouble gsd,
            String reader,
            Optional<String> resampling,
            double dropped) {}
}
