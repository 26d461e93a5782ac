package org.terrachange.raster.warp;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How the value at a place between pixels comes about. Where pixels of the result are larger than those of the
/// image, all but [#NEAREST] widen their reach accordingly, so that nothing is passed over (antialiasing, as
/// GDAL and Pillow do).
public enum Interpolation {
    /// The pixel that holds the place.
    NEAREST {
        @Override
        double reach(double scale) {
            return 0.5;
        }

        @Override
        double weight(double distance, double scale) {
            return distance <= 0.5 ? 1 : 0;
        }
    },
    /// Straight lines between the centres of four pixels.
    BILINEAR {
        @Override
        double reach(double scale) {
            return Math.max(1, scale);
        }

        @Override
        double weight(double distance, double scale) {
            return Math.max(0, 1 - distance / Math.max(1, scale));
        }
    },
    /// Cubic convolution over sixteen pixels (R. G. Keys, 1981, with a = -1/2).
    CUBIC {
        @Override
        double reach(double scale) {
            return 2 * Math.max(1, scale);
        }

        @Override
        double weight(double distance, double scale) {
            double x = distance / Math.max(1, scale);
            if (x < 1) {
                return (1.5 * x - 2.5) * x * x + 1;
            }
            return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
        }
    },
    /// The mean over the area that a pixel of the result covers, its edges counted by their share.
    AREA {
        @Override
        double reach(double scale) {
            return (scale + 1) / 2;
        }

        @Override
        double weight(double distance, double scale) {
            return Math.clamp(reach(scale) - distance, 0, Math.min(1, scale));
        }
    };

    /// Distance beyond which the weight is 0.
    ///
    /// @param scale size of a pixel of the result in pixels of the image
    /// @return in pixels of the image
    abstract double reach(double scale);

    /// The weight of a pixel, before all weights are brought to a sum of 1.
    ///
    /// @param distance of its centre from the place, in pixels of the image, not negative
    /// @param scale size of a pixel of the result in pixels of the image
    abstract double weight(double distance, double scale);

    /// The name by which people choose it.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The interpolation with this name, in any case.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Interpolation parse(String name) {
        return Arrays.stream(values())
                .filter(value -> value.label().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no resampling; choose one of "
                        + Arrays.stream(values()).map(Interpolation::label).collect(Collectors.joining(", "))));
    }
}
