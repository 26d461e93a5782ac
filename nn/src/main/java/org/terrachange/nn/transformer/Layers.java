package org.terrachange.nn.transformer;

import org.terrachange.nn.layer.ConvFactory;

/// Makes the weights and convolutions that an architecture is put together from, so that each architecture is
/// written once and exists both in a trainable form ([TrainableLayers]) and in one prepared for inference
/// ([PreparedLayers]).
public interface Layers extends ConvFactory {

    /// The weights of this description.
    Weight weight(WeightSpec spec);
}
