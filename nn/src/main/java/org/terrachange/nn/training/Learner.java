package org.terrachange.nn.training;

import java.io.IOException;

/// What differs between the runs that share a [TrainingLoop].
///
/// @param <B> what holds the examples of one step
public interface Learner<B> {

    /// Forward and backward over the examples of one step: adds to the gradients of the parameters.
    ///
    /// @param lastPass to be run before the last backward pass of the step, during which gradients travel to other
    ///     processes
    /// @return the loss
    double gradients(B batch, Runnable lastPass);

    /// After the optimizer has moved the parameters and before their average takes them in.
    default void moved() {}

    /// After each step.
    ///
    /// @param step number of steps so far
    void stepped(long step, double loss, double learningRate);

    /// At the end of a stretch of steps, in the first process alone: measures the network and writes down what shall be
    /// kept. Where the run
    /// keeps an average of the weights, the network has those.
    ///
    /// @param best highest score so far, -1 before the first
    /// @return the highest score so far, this one included
    /// @throws InterruptedException if the calling thread is interrupted
    double measured(Stretch stretch, double best) throws IOException, InterruptedException;
}
