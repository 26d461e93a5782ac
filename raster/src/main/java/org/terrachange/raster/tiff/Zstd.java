package org.terrachange.raster.tiff;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.util.Native;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.terrachange.raster.RasterException;

/// Zstandard frames (RFC 8878; scheme 50000, which GDAL and libtiff introduced).
record Zstd() implements BlockCodec {

    /// The codec, once its native library is loaded.
    ///
    /// @throws RasterException if the library does not run on this machine
    static Zstd of(TiffFile file) throws RasterException {
        try {
            Native.load();
            return new Zstd();
        } catch (LinkageError e) {
            throw file.unsupported(
                    "is compressed with ZSTD, whose library does not load here (" + e.getMessage() + ")");
        }
    }

    @Override
    public String label() {
        return "ZSTD";
    }

    @Override
    public boolean usesPredictor() {
        return true;
    }

    /// A block of 128 KiB of equal bytes takes four bytes.
    @Override
    public int maxExpansion() {
        return 1 << 15;
    }

    @Override
    public void decode(byte[] packed, byte[] block) throws CorruptBlockException {
        try (var context = new ZstdDecompressCtx()) {
            int got = context.decompressByteArray(block, 0, block.length, packed, 0, packed.length);
            if (got < block.length) {
                throw CorruptBlockException.endsEarly(got, block.length);
            }
        } catch (ZstdException e) {
            if (e.getErrorCode() != com.github.luben.zstd.Zstd.errDstSizeTooSmall()) {
                throw new CorruptBlockException("is not valid ZSTD data (" + e.getMessage() + ")");
            }
            decodeStart(packed, block);
        }
    }

    /// The slower way for a frame that holds more than the block, as when a writer pads its last strip.
    private static void decodeStart(byte[] packed, byte[] block) throws CorruptBlockException {
        try (var in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
            int got = in.readNBytes(block, 0, block.length);
            if (got < block.length) {
                throw CorruptBlockException.endsEarly(got, block.length);
            }
        } catch (IOException e) {
            throw new CorruptBlockException("is not valid ZSTD data (" + e.getMessage() + ")");
        }
    }
}
