/// Transformers: projections, layer normalisation, attention and blocks, each written once over weights that
/// are either trainable or prepared for inference.
@NullMarked
package org.terrachange.nn.transformer;

import org.jspecify.annotations.NullMarked;
