package org.terrachange.raster.cog;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.terrachange.raster.SampleType;

/// What a cloud-optimised GeoTIFF shall hold and how it shall be packed. Start from [#of] and refine:
///
/// ```java
/// CogOptions.of(SampleType.UINT8, 1).withNodata(255).withResampling(Resampling.MODE)
/// ```
///
/// @param type number format of all samples
/// @param bands number of bands, 1 to 65535; three or four bands of bytes are marked as red, green, blue (and
///     alpha)
/// @param nodata value of missing pixels; it must be a value that `type` can hold
/// @param resampling how the overviews are made
/// @param compression how tiles are packed
/// @param level effort of the compression, from its least (fast) to its most (small)
/// @param predictor whether to store differences of neighbours (TIFF predictor 2, or 3 for floats), which packs
///     smooth images better; without effect where nothing is packed
/// @param bigTiff whether to write a BigTIFF even where a classic TIFF would do; beyond 4 GiB it is always one
/// @param bandNames what each band shows, in order; empty for none
/// @param metadata further items, such as `MODEL=...`
/// @param colourTable colours for the values of a single band of bytes
public record CogOptions(
        SampleType type,
        int bands,
        OptionalDouble nodata,
        Resampling resampling,
        Compression compression,
        int level,
        boolean predictor,
        boolean bigTiff,
        List<String> bandNames,
        Map<String, String> metadata,
        Optional<ColourTable> colourTable) {

    public CogOptions {
        if (bands < 1 || bands > 65535) {
            throw new IllegalArgumentException("a GeoTIFF has 1 to 65535 bands, not " + bands);
        }
        if (type == SampleType.UINT64 || type == SampleType.INT64) {
            throw new IllegalArgumentException("64-bit integers cannot be written: choose float64 or 32-bit integers");
        }
        if (level < compression.lowestLevel() || level > compression.highestLevel()) {
            throw new IllegalArgumentException("the level of " + compression.label() + " runs from "
                    + compression.lowestLevel() + " to " + compression.highestLevel() + ", got " + level);
        }
        nodata.ifPresent(value -> requireRepresentable(value, type));
        bandNames = List.copyOf(bandNames);
        if (!bandNames.isEmpty() && bandNames.size() != bands) {
            throw new IllegalArgumentException(bandNames.size() + " band names for " + bands + " bands");
        }
        bandNames.forEach(CogOptions::requireXmlText);
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
        metadata.forEach((key, value) -> {
            requireXmlText(key);
            requireXmlText(value);
        });
        if (colourTable.isPresent()) {
            if (type != SampleType.UINT8 || bands != 1) {
                throw new IllegalArgumentException(
                        "a colour table needs a single uint8 band, not " + bands + " of " + type.label());
            }
            if (resampling == Resampling.AVERAGE) {
                throw new IllegalArgumentException(
                        "the mean of two entries of a colour table means nothing: use MODE or NEAREST");
            }
        }
    }

    /// Averaged overviews, Deflate at level 6 with predictor, nothing else set.
    public static CogOptions of(SampleType type, int bands) {
        return new CogOptions(
                type,
                bands,
                OptionalDouble.empty(),
                Resampling.AVERAGE,
                Compression.DEFLATE,
                Compression.DEFLATE.defaultLevel(),
                true,
                false,
                List.of(),
                Map.of(),
                Optional.empty());
    }

    public CogOptions withNodata(double value) {
        return new CogOptions(
                type,
                bands,
                OptionalDouble.of(value),
                resampling,
                compression,
                level,
                predictor,
                bigTiff,
                bandNames,
                metadata,
                colourTable);
    }

    public CogOptions withResampling(Resampling value) {
        return new CogOptions(
                type, bands, nodata, value, compression, level, predictor, bigTiff, bandNames, metadata, colourTable);
    }

    /// Also sets the level to the default of the compression.
    public CogOptions withCompression(Compression value) {
        return new CogOptions(
                type,
                bands,
                nodata,
                resampling,
                value,
                value.defaultLevel(),
                predictor,
                bigTiff,
                bandNames,
                metadata,
                colourTable);
    }

    public CogOptions withLevel(int value) {
        return new CogOptions(
                type,
                bands,
                nodata,
                resampling,
                compression,
                value,
                predictor,
                bigTiff,
                bandNames,
                metadata,
                colourTable);
    }

    public CogOptions withPredictor(boolean value) {
        return new CogOptions(
                type, bands, nodata, resampling, compression, level, value, bigTiff, bandNames, metadata, colourTable);
    }

    public CogOptions withBigTiff(boolean value) {
        return new CogOptions(
                type,
                bands,
                nodata,
                resampling,
                compression,
                level,
                predictor,
                value,
                bandNames,
                metadata,
                colourTable);
    }

    public CogOptions withBandNames(String... values) {
        return new CogOptions(
                type,
                bands,
                nodata,
                resampling,
                compression,
                level,
                predictor,
                bigTiff,
                List.of(values),
                metadata,
                colourTable);
    }

    public CogOptions withMetadata(Map<String, String> value) {
        return new CogOptions(
                type, bands, nodata, resampling, compression, level, predictor, bigTiff, bandNames, value, colourTable);
    }

    /// Also switches from averaged overviews to [Resampling#MODE], since colours of a table have no mean.
    public CogOptions withColourTable(ColourTable value) {
        return new CogOptions(
                type,
                bands,
                nodata,
                resampling == Resampling.AVERAGE ? Resampling.MODE : resampling,
                compression,
                level,
                predictor,
                bigTiff,
                bandNames,
                metadata,
                Optional.of(value));
    }

    /// Bytes of one pixel, all bands.
    int pixelBytes() {
        return bands * type.bytes();
    }

    boolean isRgb() {
        return type == SampleType.UINT8 && (bands == 3 || bands == 4);
    }

    private static void requireRepresentable(double value, SampleType type) {
        boolean fits = switch (type) {
            case UINT8 -> isWhole(value, 0, 0xff);
            case INT8 -> isWhole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case UINT16 -> isWhole(value, 0, 0xffff);
            case INT16 -> isWhole(value, Short.MIN_VALUE, Short.MAX_VALUE);
            case UINT32 -> isWhole(value, 0, 0xffffffffL);
            case UINT64, INT64 -> false;
            case INT32 -> isWhole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case FLOAT32 -> Double.isNaN(value) || (float) value == value;
            case FLOAT64 -> true;
        };
        if (!fits) {
            throw new IllegalArgumentException("the nodata value " + value + " is no " + type.label());
        }
    }

    private static boolean isWhole(double value, double lowest, double highest) {
        return value == Math.rint(value) && value >= lowest && value <= highest;
    }

    private static void requireXmlText(String text) {
        boolean fits = text.codePoints()
                .allMatch(c -> c == '\t'
                        || c == '\n'
                        || (c >= ' ' && c < 0xd800)
                        || (c > 0xdfff && c != 0xfffe && c != 0xffff));
        if (!fits) {
            throw new IllegalArgumentException("metadata holds a control character that GeoTIFF cannot store: " + text);
        }
    }
}
