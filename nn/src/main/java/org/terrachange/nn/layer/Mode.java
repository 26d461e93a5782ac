package org.terrachange.nn.layer;

/// What a forward pass is for, which decides the statistics of batch normalisation.
public enum Mode {
    /// Statistics of the batch, which the running ones take in.
    TRAINING,
    /// Statistics of the batch; the running ones stay as they are. A pass that is made again with gradients
    /// must not count twice.
    REHEARSAL,
    /// The running statistics.
    INFERENCE
}
