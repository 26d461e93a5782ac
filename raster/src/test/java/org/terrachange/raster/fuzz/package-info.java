/// Feeds readers arbitrary bytes: whatever the bytes, the answer is pixels or a
/// [org.terrachange.raster.RasterException] in one clean line, soon and in little memory.
///
/// The targets follow the convention of Jazzer and libFuzzer but need neither to compile: `scripts/fuzz-tiff.sh` runs
/// them for as long as wanted, the tests here run them on a few thousand inputs.
@NullMarked
package org.terrachange.raster.fuzz;

import org.jspecify.annotations.NullMarked;
