package org.terrachange.raster;

import java.util.List;

/// The three GeoTIFF tags that describe a CRS, as a file stores them (OGC 19-008r4, chapter 7).
///
/// Kept whole so that a result carries exactly the CRS of its input, user-defined ones included.
///
/// @param directory GeoKeyDirectoryTag (34735), unsigned 16-bit values: header, then four values a key
/// @param doubles GeoDoubleParamsTag (34736)
/// @param ascii GeoAsciiParamsTag (34737), without the closing NUL
public record GeoKeys(List<Integer> directory, List<Double> doubles, String ascii) {
    public GeoKeys {
        directory = List.copyOf(directory);
        doubles = List.copyOf(doubles);
    }
}
