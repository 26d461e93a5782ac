package org.terrachange.raster.http;

/// Bytes of a file.
///
/// @param from position of the first byte
/// @param to position behind the last byte
public record ByteRange(long from, long to) {
    public ByteRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("there are no bytes " + from + " to " + to);
        }
    }

    long length() {
        return to - from;
    }
}
