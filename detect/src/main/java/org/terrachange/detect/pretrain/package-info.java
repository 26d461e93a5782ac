/// Pretraining of encoders on images without labels, by contrast.
@NullMarked
package org.terrachange.detect.pretrain;

import org.jspecify.annotations.NullMarked;
