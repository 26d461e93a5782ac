/// From the image pairs of an archive to the records of its index: windows, what the detector finds in them, and
/// vectors.
@NullMarked
package org.terrachange.search.archive;

import org.jspecify.annotations.NullMarked;
