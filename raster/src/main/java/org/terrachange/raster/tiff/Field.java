package org.terrachange.raster.tiff;

/// One entry of a directory. The values stay in the file until they are asked for, so that the block tables of an
/// image
/// of any size cost no memory.
///
/// @param tag what the values mean
/// @param type number format of the values
/// @param count how many values there are
/// @param position where in the file the first value lies
record Field(int tag, FieldType type, long count, long position) {}
