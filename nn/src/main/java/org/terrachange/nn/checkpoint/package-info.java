/// Checkpoint formats: files to named host arrays and back, in plain Java memory, without libtorch.
@NullMarked
package org.terrachange.nn.checkpoint;

import org.jspecify.annotations.NullMarked;
