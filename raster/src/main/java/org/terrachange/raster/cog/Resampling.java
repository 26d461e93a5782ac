package org.terrachange.raster.cog;

import java.util.OptionalDouble;

/// How four pixels become one pixel of the next smaller overview.
public enum Resampling {

    /// The upper left of the four: for class numbers where speed counts.
    NEAREST,

    /// The mean of the valid ones, rounded half up for integers: for probabilities and imagery.
    AVERAGE,

    /// The commonest of the valid ones, the first in reading order on a tie: for masks and class numbers.
    MODE;

    /// One pixel of one band.
    ///
    /// @param values the four samples under the pixel, in reading order
    /// @param nodata the value of missing samples; NaN is always missing
    double reduce(double[] values, OptionalDouble nodata) {
        return switch (this) {
            case NEAREST -> values[0];
            case AVERAGE -> average(values, nodata);
            case MODE -> mode(values, nodata);
        };
    }

    private static double average(double[] values, OptionalDouble nodata) {
        double sum = 0;
        int valid = 0;
        for (double value : values) {
            if (isValid(value, nodata)) {
                sum += value;
                valid++;
            }
        }
        return valid == 0 ? values[0] : sum / valid;
    }

    private static double mode(double[] values, OptionalDouble nodata) {
        double best = values[0];
        int most = 0;
        for (int i = 0; i < values.length; i++) {
            if (!isValid(values[i], nodata)) {
                continue;
            }
            int same = 1;
            for (int j = i + 1; j < values.length; j++) {
                if (values[j] == values[i]) {
                    same++;
                }
            }
            if (same > most) {
                most = same;
                best = values[i];
            }
        }
        return best;
    }

    private static boolean isValid(double value, OptionalDouble nodata) {
        return !Double.isNaN(value) && (nodata.isEmpty() || value != nodata.getAsDouble());
    }
}
