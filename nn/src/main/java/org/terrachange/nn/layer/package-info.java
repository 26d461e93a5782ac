/// Layers: the few building blocks that the architectures are made of, in a trainable and a folded, inference-only
/// form.
@NullMarked
package org.terrachange.nn.layer;

import org.jspecify.annotations.NullMarked;
