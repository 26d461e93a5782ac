/// TIFF, BigTIFF and GeoTIFF: the file's structure, its compressed blocks and its place on the ground.
///
/// Follows TIFF 6.0 (Adobe, 1992), TIFF Technical Notes 2 for JPEG and 3 for the floating-point predictor, the BigTIFF
/// design, and
/// OGC 19-008r4 for GeoTIFF. Only [TiffSource] is meant for other packages.
@NullMarked
package org.terrachange.raster.tiff;

import org.jspecify.annotations.NullMarked;
