/// Writes patches of change as vector files, each format by one class.
///
/// [GroundFeatures] places the patches on the ground, a [VectorFormat] writes them feature by feature.
@NullMarked
package org.terrachange.raster.vector;

import org.jspecify.annotations.NullMarked;
