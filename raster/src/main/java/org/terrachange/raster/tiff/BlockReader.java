package org.terrachange.raster.tiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.Window;
import org.terrachange.raster.http.ByteRange;

/// Reads, decompresses and caches the blocks of one image.
///
/// Long uncompressed strips are read in slices of about a mebibyte, because nothing forces them to be read
/// whole. A slice and a whole block are both called a piece here; pieces are numbered plane by plane, row by row.
final class BlockReader {
    /// The largest piece that is decoded, because compressed blocks cannot be read in part: 256 MiB, or a
    /// quarter of a small heap.
    private static final long MAX_PIECE_BYTES =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

    private static final long SLICE_BYTES = 1L << 20;
    /// Less is decoded before another thread has woken up.
    private static final long WORTH_SHARING = 1L << 18;

    private static final int JPEG_HEADER_BYTES = 1 << 12;
    private static final long MOST_LEFT_OUT = 256;
    private static final int REVERSED_BITS = 2;

    private final Directory directory;
    private final TiffFile file;
    private final ImageLayout layout;
    private final BlockCodec codec;
    private final PredictorDecoder predictor;
    private final boolean reversedBits;
    private final int offsets;
    private final int byteCounts;
    private final int pieceHeight;
    private final int piecesPerBlock;
    private final BlockCache cache;

    /// @throws RasterException if the blocks are too large, or if the file does not list all of them
    BlockReader(Directory directory, ImageLayout layout, BlockCodec codec, BlockCache cache) throws RasterException {
        this.directory = directory;
        this.file = directory.file();
        this.layout = layout;
        this.codec = codec;
        this.cache = cache;
        this.predictor = PredictorDecoder.of(directory, codec, layout);
        this.reversedBits = directory.number(Directory.FILL_ORDER, 1) == REVERSED_BITS;
        this.offsets = layout.tiled() ? Directory.TILE_OFFSETS : Directory.STRIP_OFFSETS;
        this.byteCounts = layout.tiled() ? Directory.TILE_BYTE_COUNTS : Directory.STRIP_BYTE_COUNTS;
        boolean sliced = codec instanceof Uncompressed && !layout.tiled();
        long rows =
                sliced ? Math.clamp(SLICE_BYTES / layout.rowBytes(), 1, layout.blockHeight()) : layout.blockHeight();
        this.pieceHeight = (int) rows;
        this.piecesPerBlock = Math.ceilDiv(layout.blockHeight(), pieceHeight);
        long rowBytes = Math.max(layout.rowBytes(), layout.decodedRowBytes());
        if (rowBytes > MAX_PIECE_BYTES || rowBytes * rows > MAX_PIECE_BYTES) {
            throw file.error("is stored in blocks of " + layout.blockWidth() + "x" + layout.blockHeight()
                    + " pixels, too large to decode one by one; rewrite it with smaller blocks, for example with "
                    + "gdal_translate -co TILED=YES");
        }
        requireAll(offsets, "offsets");
        if (!(codec instanceof Uncompressed && !directory.has(byteCounts))) {
            requireAll(byteCounts, "byte counts");
        }
        if (codec instanceof Jpeg) {
            requireCommonJpeg();
        }
    }

    /// Looks into the first JPEG stream, whose kind no tag tells.
    private void requireCommonJpeg() throws RasterException {
        for (long block = 0; block < Math.min(layout.blocks(), MOST_LEFT_OUT); block++) {
            long offset = directory.numberAt(offsets, block);
            long byteCount = directory.numberAt(byteCounts, block);
            if (byteCount > 0) {
                try {
                    var start = new byte[Math.clamp(byteCount, 0, JPEG_HEADER_BYTES)];
                    read(offset, start);
                    JpegHeader header = JpegHeader.of(start);
                    if (!header.rarity().isEmpty()) {
                        throw file.unsupported("is compressed with " + header.rarity());
                    }
                } catch (CorruptBlockException _) {
                    // Reported when that block is read; others may be sound.
                }
                return;
            }
        }
    }

    private void requireAll(int tag, String what) throws RasterException {
        if (directory.count(tag) < layout.blocks()) {
            throw file.error(
                    "lists " + directory.count(tag) + " block " + what + " for its " + layout.blocks() + " blocks");
        }
    }

    /// Rows of pieces in the image.
    private int pieceRows() {
        return layout.blocksDown() * piecesPerBlock;
    }

    /// The row of pieces that holds a row of pixels.
    int pieceRowOf(int y) {
        return y / layout.blockHeight() * piecesPerBlock + y % layout.blockHeight() / pieceHeight;
    }

    /// The column of pieces that holds a column of pixels.
    int pieceColumnOf(int x) {
        return x / layout.blockWidth();
    }

    /// The pixels of a piece, padding included.
    Window area(int pieceRow, int pieceColumn) {
        int inBlock = pieceRow % piecesPerBlock * pieceHeight;
        int y = pieceRow / piecesPerBlock * layout.blockHeight() + inBlock;
        int rows = Math.min(pieceHeight, layout.blockHeight() - inBlock);
        return new Window(
                pieceColumn * layout.blockWidth(),
                y,
                layout.blockWidth(),
                layout.tiled() ? rows : Math.min(rows, layout.height() - y));
    }

    /// One piece, to be released after use, or nothing where the file leaves its block out.
    ///
    /// @param plane the band where each band has blocks of its own, otherwise 0
    Optional<DecodedBlock> read(int plane, int pieceRow, int pieceColumn) throws RasterException {
        BlockCache.Key key = key(plane, pieceRow, pieceColumn);
        Optional<DecodedBlock> cached = cache.get(key);
        if (cached.isPresent()) {
            return cached;
        }
        cache.reserve(footprint());
        try {
            Optional<DecodedBlock> decoded = decode(plane, pieceRow, pieceColumn);
            decoded.ifPresent(block -> cache.put(key, block));
            return decoded;
        } finally {
            cache.unreserve(footprint());
        }
    }

    /// Ends the use of a piece.
    void release(DecodedBlock piece) {
        cache.release(piece);
    }

    /// How many blocks may be decoded at once without more memory than the cache has, and with a gain of time.
    long threads(long pieces) {
        return pieces * pieceBytes() < WORTH_SHARING ? 1 : Math.max(1, BlockCache.CAPACITY / footprint());
    }

    private long pieceBytes() {
        return Math.max(layout.rowBytes(), layout.decodedRowBytes()) * pieceHeight;
    }

    /// Bytes of memory that decoding one piece takes: packed, stored and handed out.
    private long footprint() {
        return mostPacked(pieceBytes()) + 2 * pieceBytes();
    }

    /// No codec needs more than half as much again as the block's own size, so an absurd byte count costs no memory.
    private static long mostPacked(long storedBytes) {
        return storedBytes + storedBytes / 2 + 4096;
    }

    /// Where the packed bytes of a piece lie.
    ///
    /// @param offset first byte; 0 with a length of 0 where the file leaves the block out
    /// @param length bytes that are worth reading
    private record Place(long offset, int length) {
        boolean isLeftOut() {
            return offset == 0 && length == 0;
        }
    }

    private Place place(int plane, int pieceRow, int pieceColumn) throws RasterException {
        long block = blockNumber(plane, pieceRow, pieceColumn);
        long offset = directory.numberAt(offsets, block);
        long byteCount = directory.has(byteCounts) ? directory.numberAt(byteCounts, block) : file.size() - offset;
        if (offset == 0 && byteCount == 0) {
            return new Place(0, 0);
        }
        long skipped = layout.rowBytes() * (pieceRow % piecesPerBlock) * pieceHeight;
        long most = mostPacked(layout.rowBytes() * area(pieceRow, pieceColumn).height());
        return new Place(offset + skipped, (int) Math.clamp(byteCount - skipped, 0, most));
    }

    private long blockNumber(int plane, int pieceRow, int pieceColumn) {
        int blockRow = pieceRow / piecesPerBlock;
        return ((long) plane * layout.blocksDown() + blockRow) * layout.blocksAcross() + pieceColumn;
    }

    private BlockCache.Key key(int plane, int pieceRow, int pieceColumn) {
        return new BlockCache.Key(
                directory, ((long) plane * pieceRows() + pieceRow) * layout.blocksAcross() + pieceColumn);
    }

    /// Tells the file which bytes the pieces from `first` on need, as far as that helps.
    ///
    /// @return behind the last piece that may be read now
    long announce(Pieces pieces, long first) throws RasterException {
        long left = file.foresight();
        if (left == 0) {
            return pieces.count();
        }
        List<ByteRange> ranges = new ArrayList<>();
        long next = first;
        while (next < pieces.count() && left > 0) {
            int plane = pieces.plane(next);
            int row = pieces.row(next);
            int column = pieces.column(next);
            if (!cache.holds(key(plane, row, column))) {
                Place place = place(plane, row, column);
                if (!place.isLeftOut() && place.offset() >= 0) {
                    ranges.add(new ByteRange(place.offset(), place.offset() + place.length()));
                    left -= place.length();
                }
            }
            next++;
        }
        file.announce(ranges);
        return next;
    }

    private Optional<DecodedBlock> decode(int plane, int pieceRow, int pieceColumn) throws RasterException {
        Window area = area(pieceRow, pieceColumn);
        int storedBytes = (int) (layout.rowBytes() * area.height());
        Place place = place(plane, pieceRow, pieceColumn);
        if (place.isLeftOut()) {
            return Optional.empty();
        }
        long block = blockNumber(plane, pieceRow, pieceColumn);
        if ((long) place.length() * codec.maxExpansion() < storedBytes) {
            throw damaged(
                    block,
                    "has only " + place.length() + " bytes for " + layout.blockWidth() + "x" + area.height()
                            + " pixels");
        }
        file.requireInside(place.offset(), place.length());
        byte[] stored = cache.array(storedBytes);
        if (codec instanceof Uncompressed && place.length() == storedBytes) {
            read(place.offset(), stored);
        } else {
            var packed = new byte[place.length()];
            read(place.offset(), packed);
            try {
                codec.decode(packed, stored);
            } catch (CorruptBlockException e) {
                throw damaged(block, e.problem());
            }
        }
        predictor.restore(stored, (int) layout.rowBytes(), layout.bits(), layout.samplesPerBlockPixel(), file.order());
        byte[] samples = SampleUnpacker.unpack(stored, area.height(), layout, file.order());
        return Optional.of(new DecodedBlock(area, layout.type(), layout.samplesPerBlockPixel(), samples, file.order()));
    }

    private void read(long position, byte[] bytes) throws RasterException {
        file.read(position, bytes);
        if (reversedBits) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
            }
        }
    }

    private RasterException damaged(long block, String problem) {
        return file.error("is damaged: " + (layout.tiled() ? "tile " : "strip ") + block + " " + problem);
    }
}
