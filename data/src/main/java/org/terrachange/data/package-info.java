/// Datasets on disk to batches in memory: folders in published layouts, captions, HDF5, augmentations, the
/// prefetching loader and synthetic scenes.
@NullMarked
package org.terrachange.data;

import org.jspecify.annotations.NullMarked;
