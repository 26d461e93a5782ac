package org.terrachange.nn.training;

/// The steps between two measurements, at their end.
///
/// @param step number of optimizer steps of the whole run so far
/// @param learningRate of the last step
/// @param loss mean over the steps of the stretch
/// @param waitedShare share of the stretch's time that the network waited for examples
public record Stretch(long step, double learningRate, double loss, double waitedShare) {}
