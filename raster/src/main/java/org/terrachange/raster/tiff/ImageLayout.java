package org.terrachange.raster.tiff;

import java.util.List;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.SampleType;

/// How one image of a TIFF file is cut into blocks and what its samples are.
///
/// @param width columns of the image
/// @param height rows of the image
/// @param samples samples per pixel
/// @param bits bits of one sample as stored, which may be fewer than those of `type`
/// @param type number format in which samples are handed out
/// @param tiled whether blocks are tiles, otherwise strips
/// @param blockWidth columns of a block; tiles at the right edge are padded to it
/// @param blockHeight rows of a block; tiles at the lower edge are padded to it, strips are not
/// @param planar whether each band has blocks of its own
record ImageLayout(
        int width,
        int height,
        int samples,
        int bits,
        SampleType type,
        boolean tiled,
        int blockWidth,
        int blockHeight,
        boolean planar) {

    /// More samples per pixel than any sensor has; more are taken for damage.
    private static final int MAX_SAMPLES = 4096;

    /// More columns or rows than any image has; sums of two sizes stay within an `int`.
    private static final int MAX_SIZE = 1 << 30;

    private static final int UNSIGNED = 1;
    private static final int SIGNED = 2;
    private static final int FLOATING = 3;
    private static final int UNDEFINED = 4;

    /// Reads and checks the layout of a directory.
    ///
    /// @throws RasterException if a tag is missing or absurd, or if the samples are of no supported kind
    static ImageLayout of(Directory directory) throws RasterException {
        TiffFile file = directory.file();
        int width = size(directory, Directory.IMAGE_WIDTH, "width");
        int height = size(directory, Directory.IMAGE_LENGTH, "height");
        long samples = directory.number(Directory.SAMPLES_PER_PIXEL, 1);
        if (samples < 1 || samples > MAX_SAMPLES) {
            throw file.error("claims " + samples + " samples per pixel");
        }
        long bits = common(directory, Directory.BITS_PER_SAMPLE, 1, "sizes of sample");
        long format = common(directory, Directory.SAMPLE_FORMAT, UNSIGNED, "sample formats");
        SampleType type = sampleType(file, bits, format);
        boolean tiled = directory.has(Directory.TILE_WIDTH) || directory.has(Directory.TILE_OFFSETS);
        int blockWidth = tiled ? size(directory, Directory.TILE_WIDTH, "tile width") : width;
        int blockHeight;
        if (tiled) {
            blockHeight = size(directory, Directory.TILE_LENGTH, "tile height");
        } else {
            long rows = directory.number(Directory.ROWS_PER_STRIP, height);
            if (rows < 1) {
                throw file.error("claims " + rows + " rows per strip");
            }
            blockHeight = (int) Math.min(rows, height);
        }
        long planarity = directory.number(Directory.PLANAR_CONFIGURATION, 1);
        if (planarity != 1 && planarity != 2) {
            throw file.error("has the planar configuration " + planarity + " instead of 1 or 2");
        }
        return new ImageLayout(
                width,
                height,
                (int) samples,
                (int) bits,
                type,
                tiled,
                blockWidth,
                blockHeight,
                planarity == 2 && samples > 1);
    }

    private static int size(Directory directory, int tag, String what) throws RasterException {
        long size = directory.number(tag, 0);
        if (size < 1 || size > MAX_SIZE) {
            throw directory.file().error("has a " + what + " of " + size + " pixels");
        }
        return (int) size;
    }

    private static long common(Directory directory, int tag, long fallback, String what) throws RasterException {
        List<Long> values = directory.numbers(tag);
        if (values.stream().distinct().count() > 1) {
            throw directory.file().unsupported("mixes " + what + " " + values);
        }
        return values.isEmpty() ? fallback : values.getFirst();
    }

    private static SampleType sampleType(TiffFile file, long bits, long format) throws RasterException {
        boolean whole = bits == 8 || bits == 16 || bits == 32 || bits == 64;
        if ((format == UNSIGNED || format == UNDEFINED) && (whole || (bits >= 1 && bits <= 16) || bits == 24)) {
            return bits <= 8
                    ? SampleType.UINT8
                    : bits <= 16 ? SampleType.UINT16 : bits <= 32 ? SampleType.UINT32 : SampleType.UINT64;
        }
        if (format == SIGNED && whole) {
            return bits == 8
                    ? SampleType.INT8
                    : bits == 16 ? SampleType.INT16 : bits == 32 ? SampleType.INT32 : SampleType.INT64;
        }
        if (format == FLOATING && (bits == 16 || bits == 32 || bits == 64)) {
            return bits == 64 ? SampleType.FLOAT64 : SampleType.FLOAT32;
        }
        String kind = format == UNSIGNED || format == UNDEFINED
                ? "unsigned"
                : format == SIGNED ? "signed" : format == FLOATING ? "floating-point" : "complex";
        throw file.unsupported("has " + kind + " samples of " + bits + " bits");
    }

    /// Blocks side by side in one row of blocks.
    int blocksAcross() {
        return Math.ceilDiv(width, blockWidth);
    }

    /// Rows of blocks.
    int blocksDown() {
        return Math.ceilDiv(height, blockHeight);
    }

    /// The number of blocks, those of all bands together where each band has its own.
    long blocks() {
        return (long) blocksAcross() * blocksDown() * planes();
    }

    /// How many times the image is cut into blocks: once, or once for each band.
    int planes() {
        return planar ? samples : 1;
    }

    /// Samples that lie side by side for one pixel of a block.
    int samplesPerBlockPixel() {
        return planar ? 1 : samples;
    }

    /// Bytes of one stored row of a block, padded to a whole byte.
    long rowBytes() {
        return ((long) blockWidth * samplesPerBlockPixel() * bits + 7) / 8;
    }

    /// Bytes of one row of a block in the number format in which it is handed out.
    long decodedRowBytes() {
        return (long) blockWidth * samplesPerBlockPixel() * type.bytes();
    }
}
