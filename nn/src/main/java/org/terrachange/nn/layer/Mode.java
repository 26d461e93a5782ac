package org.terrachange.nn.layer;

/// Whether a forward pass belongs to training, where batch normalisation uses and updates the statistics of
/// the batch, or to inference, where it uses the running ones.
public enum Mode {
    TRAINING,
    INFERENCE
}
