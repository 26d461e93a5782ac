package org.terrachange.nn.layer;

import org.jspecify.annotations.Nullable;

/// What a [ConvUnit] is, apart from its values.
///
/// @param conv name of the convolution, before `.weight` and `.bias`
/// @param norm name of the batch normalisation after it, before `.weight`, `.running_mean`, ...; none means a bias
/// @param in input channels
/// @param out output channels
/// @param kernel width and height of the kernel; the padding keeps the size (`kernel / 2`)
/// @param stride step in both directions
/// @param relu whether the unit ends in a ReLU
public record ConvSpec(String conv, @Nullable String norm, int in, int out, int kernel, int stride, boolean relu) {

    /// A bias-free convolution followed by batch normalisation.
    public static ConvSpec normalised(String conv, String norm, int in, int out, int kernel, int stride, boolean relu) {
        return new ConvSpec(conv, norm, in, out, kernel, stride, relu);
    }

    /// A convolution with a bias and no normalisation, stride 1.
    public static ConvSpec biased(String conv, int in, int out, int kernel, boolean relu) {
        return new ConvSpec(conv, null, in, out, kernel, 1, relu);
    }

    public int padding() {
        return kernel / 2;
    }
}
