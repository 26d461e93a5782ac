/// Captioned image pairs in HDF5 files with a caption file beside each: written in one pass, read by sample, and
/// streamed to training.
@NullMarked
package org.terrachange.data.retrieval;

import org.jspecify.annotations.NullMarked;
