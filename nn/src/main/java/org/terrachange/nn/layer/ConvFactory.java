package org.terrachange.nn.layer;

/// Makes the units that an architecture is put together from, so that each architecture is written once and exists
/// both in a trainable form and in one folded for inference.
@FunctionalInterface
public interface ConvFactory {
    ConvUnit make(ConvSpec spec);
}
