package org.terrachange.nn.transformer;

import java.util.Locale;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The non-linearity inside a transformer's blocks. Weights are only right with the one that they were trained
/// with, and do not show which that was.
public enum Activation {
    /// `x Phi(x)` with the exact normal distribution (Hendrycks and Gimpel 2016).
    GELU,
    /// `x sigmoid(1.702 x)`, of OpenAI's CLIP and what was trained from it.
    QUICK_GELU;

    private static final double QUICK = 1.702;

    /// `gelu` or `quick_gelu`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The activation of this name.
    ///
    /// @throws IllegalArgumentException for an unknown one
    public static Activation parse(String name) {
        for (Activation activation : values()) {
            if (activation.label().equals(name.toLowerCase(Locale.ROOT))) {
                return activation;
            }
        }
        throw new IllegalArgumentException("unknown activation \"" + name + "\": choose gelu or quick_gelu");
    }

    /// Applied to each value; belongs to the caller's pointer scope.
    public Tensor of(Tensor x) {
        return switch (this) {
            case GELU -> torch.gelu(x);
            case QUICK_GELU -> x.mul(x.mul(new Scalar(QUICK)).sigmoid());
        };
    }
}
