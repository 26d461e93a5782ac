/// Networks: layers, architectures, losses, optimizers, devices and checkpoint formats. Nothing here knows of
/// images on disk or of datasets.
@NullMarked
package org.terrachange.nn;

import org.jspecify.annotations.NullMarked;
