/// Tensors that outlive one step: named parameters, the number format they compute in, the device and the memory
/// they live in.
@NullMarked
package org.terrachange.nn.tensor;

import org.jspecify.annotations.NullMarked;
