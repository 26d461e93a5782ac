package org.terrachange.raster.tiff;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.terrachange.raster.RasterException;

/// JPEG streams, one a block, whose tables the directory holds once for all (TIFF Technical Note 2; scheme 7).
///
/// The JDK decodes them to bare components; turning YCbCr into RGB is done here, in the fixed-point arithmetic of
/// libjpeg (jdcolor), so that the samples equal those of other readers.
final class Jpeg implements BlockCodec {
    /// The same bound as libtiff's: a progressive stream of more passes is made to waste time.
    private static final int MAX_SCANS = 100;

    /// More than four tables of either kind ever need.
    private static final int MAX_TABLE_BYTES = 1 << 16;

    private static final int YCBCR = 6;
    private static final byte[] NO_TABLES = {};

    private final byte[] tables;
    private final boolean ycbcr;
    private final int width;
    private final int components;

    private Jpeg(byte[] tables, boolean ycbcr, int width, int components) {
        this.tables = tables;
        this.ycbcr = ycbcr;
        this.width = width;
        this.components = components;
    }

    /// The codec of a directory.
    ///
    /// @throws RasterException if the tables are damaged, or if its samples are not those of common JPEG
    static Jpeg of(Directory directory, ImageLayout layout) throws RasterException {
        TiffFile file = directory.file();
        int components = layout.samplesPerBlockPixel();
        boolean ycbcr = directory.number(Directory.PHOTOMETRIC_INTERPRETATION, 1) == YCBCR;
        if (layout.bits() != 8) {
            throw file.unsupported("is compressed with JPEG of " + layout.bits() + " bits");
        }
        if (components > 4) {
            throw file.unsupported("is compressed with JPEG of " + components + " components");
        }
        if (ycbcr && components != 3) {
            throw file.unsupported("holds YCbCr colours in JPEG blocks of " + components + " components");
        }
        byte[] tables = NO_TABLES;
        if (directory.has(Directory.JPEG_TABLES)) {
            if (directory.count(Directory.JPEG_TABLES) > MAX_TABLE_BYTES) {
                throw file.error("claims " + directory.count(Directory.JPEG_TABLES) + " bytes of JPEG tables");
            }
            tables = directory.bytes(Directory.JPEG_TABLES);
        }
        return new Jpeg(tables, ycbcr, layout.blockWidth(), components);
    }

    /// Whether blocks hold YCbCr, which is handed out as RGB.
    boolean isYcbcr() {
        return ycbcr;
    }

    @Override
    public String label() {
        return ycbcr ? "YCbCr JPEG" : "JPEG";
    }

    @Override
    public boolean usesPredictor() {
        return false;
    }

    /// An even area takes six bits for 64 samples, a sixteenth of that for three quarters of a subsampled image,
    /// and nothing at all in the later scans of a progressive one; headers are left out of account.
    @Override
    public int maxExpansion() {
        return 4096;
    }

    @Override
    public void decode(byte[] packed, byte[] block) throws CorruptBlockException {
        JpegHeader header = JpegHeader.of(packed);
        int rows = block.length / (width * components);
        if (!header.rarity().isEmpty()) {
            throw new CorruptBlockException("is a " + header.rarity() + " unlike the first");
        }
        if (header.components() != components || header.width() != width || header.height() < rows) {
            throw new CorruptBlockException("holds a JPEG of " + header.width() + "x" + header.height() + " pixels and "
                    + header.components() + " components instead of " + width + "x" + rows + " and " + components);
        }
        // Some writers give the last strip the height of the others.
        if (header.height() > rows
                && (long) header.height() * width * components > Math.max(4L * block.length, 1 << 20)) {
            throw new CorruptBlockException("holds a JPEG of " + header.height() + " rows instead of " + rows);
        }
        if (header.isProgressive() && JpegHeader.scans(packed) > MAX_SCANS) {
            throw new CorruptBlockException("is a JPEG of more than " + MAX_SCANS + " scans");
        }
        Raster raster = decoded(withTables(packed));
        if (raster.getNumBands() != components || raster.getWidth() != width || raster.getHeight() < rows) {
            throw new CorruptBlockException("decodes to an image of another shape");
        }
        if (raster.getDataBuffer() instanceof DataBufferByte samples
                && samples.getData().length >= block.length
                && samples.getNumBanks() == 1) {
            System.arraycopy(samples.getData(), 0, block, 0, block.length);
        } else {
            throw new CorruptBlockException("decodes to samples of more than 8 bits");
        }
        if (ycbcr) {
            YcbcrToRgb.convert(block);
        }
    }

    /// One stream: the tables without their end, the image without its start.
    private byte[] withTables(byte[] packed) {
        if (tables.length < 4) {
            return packed;
        }
        boolean ended = tables[tables.length - 2] == (byte) 0xff && tables[tables.length - 1] == (byte) 0xd9;
        int kept = tables.length - (ended ? 2 : 0);
        var stream = new byte[kept + packed.length - 2];
        System.arraycopy(tables, 0, stream, 0, kept);
        System.arraycopy(packed, 2, stream, kept, packed.length - 2);
        return stream;
    }

    private static Raster decoded(byte[] stream) throws CorruptBlockException {
        ImageReader reader = reader();
        var damage = new AtomicReference<String>();
        reader.addIIOReadWarningListener((_, warning) -> {
            if (isDamage(warning)) {
                damage.compareAndSet(null, warning);
            }
        });
        Raster raster;
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(stream))) {
            reader.setInput(input, true, true);
            raster = reader.readRaster(0, null);
        } catch (IOException | RuntimeException e) {
            // The reader meets damage with exceptions of many kinds.
            throw new CorruptBlockException("is not valid JPEG data (" + e.getMessage() + ")");
        } finally {
            reader.dispose();
        }
        String warning = damage.get();
        if (warning != null) {
            throw new CorruptBlockException("is not valid JPEG data (" + warning + ")");
        }
        return raster;
    }

    /// Whether libjpeg warns of pixels that it had to invent, and not of padding or a missing end marker.
    private static boolean isDamage(String warning) {
        return warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous bytes");
    }

    private static ImageReader reader() {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.canReadRaster()) {
                return reader;
            }
        }
        throw new IllegalStateException("this Java has no JPEG reader; TerraChange needs the module java.desktop");
    }
}
