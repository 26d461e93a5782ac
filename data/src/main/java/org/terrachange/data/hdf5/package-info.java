/// Writing HDF5 files sample by sample, for data sets larger than memory.
@NullMarked
package org.terrachange.data.hdf5;

import org.jspecify.annotations.NullMarked;
