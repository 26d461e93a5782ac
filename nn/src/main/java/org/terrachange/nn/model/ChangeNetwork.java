package org.terrachange.nn.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.layer.Mode;

/// A network that tells, for every pixel of two images of one place, whether the ground changed between them.
public interface ChangeNetwork {

    /// Width and height of an input must be multiples of this.
    int SIZE_MULTIPLE = 32;

    /// The change logits of a batch of pairs.
    ///
    /// @param before `[n, 3, h, w]`, normalised as the weights expect
    /// @param after the same shape
    /// @return `[n, 1, h / s, w / s]` in the format of the input, where `s` is [#outputStride]; the sigmoid of
    ///     a logit is the probability of change
    Tensor forward(Tensor before, Tensor after, Mode mode);

    /// The answers that training compares with the truth: the change logits, then, where a layout has them,
    /// coarser ones from inside its decoder. Those give deep layers a gradient of their own (deep supervision,
    /// Lee et al. 2015) and serve no other purpose.
    ///
    /// @return finest first, `[n, 1, h / s, w / s]` each
    default List<Tensor> supervised(Tensor before, Tensor after) {
        return List.of(forward(before, after, Mode.TRAINING));
    }

    /// How many input pixels one logit spans in each direction: 1 at full resolution, 2 at half.
    int outputStride();
}
