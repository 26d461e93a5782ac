package org.terrachange.nn.optim;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// Moves the parameters of one network against their gradients.
public sealed interface Optimizer extends AutoCloseable permits AdamW, Lars, Muon {

    /// Moves the parameters by one step, then sets the gradients to zero.
    void step(double learningRate);

    /// Steps made so far, those before an interruption included.
    long steps();

    /// What the optimizer remembers from step to step, by name, in the order of
    /// [org.terrachange.nn.tensor.Parameters#values]. Owned by this object.
    Map<String, Tensor> state();

    /// Continues a run: the tensors of [#state] hold what they held after that many steps.
    void resumeAt(long step);

    @Override
    void close();
}
