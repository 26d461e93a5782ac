/// Architectures: residual encoders and the Siamese U-Net, each written once over layers of either form.
@NullMarked
package org.terrachange.nn.model;

import org.jspecify.annotations.NullMarked;
