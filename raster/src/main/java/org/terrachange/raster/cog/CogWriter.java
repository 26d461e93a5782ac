package org.terrachange.raster.cog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.Window;

/// Writes a raster, row by row from the top, as a cloud-optimised GeoTIFF (OGC 21-026): all directories first,
/// then the overviews from the smallest to the largest, then the image; tiled, packed, with the layout marks by
/// which GDAL reads a tile in one request. It is a BigTIFF where it would outgrow 4 GiB, which is known before
/// it is put together.
///
/// The heap holds one row of tiles of each resolution, about `2 * width * 512` pixels whatever the height, and
/// a few packed tiles for each processor. The others wait in spool files beside the target, so the folder needs
/// room for the file twice over.
///
/// ```java
/// try (CogWriter writer = CogWriter.create(path, grid, CogOptions.of(SampleType.FLOAT32, 1))) {
///     writer.append(rows);
///     writer.finish();
/// }
/// ```
///
/// Closing without [#finish()] discards everything. A writer is for one thread at a time.
public final class CogWriter implements Closeable {
    private static final int TILE = 512;
    private static final int SMALL_TILE = 256;
    private static final long CLASSIC_LIMIT = 0xffffffffL;

    private static final int NEW_SUBFILE_TYPE = 254;
    private static final int IMAGE_WIDTH = 256;
    private static final int IMAGE_LENGTH = 257;
    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC_INTERPRETATION = 262;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int PLANAR_CONFIGURATION = 284;
    private static final int PREDICTOR = 317;
    private static final int COLOR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_LENGTH = 323;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_BYTE_COUNTS = 325;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int GDAL_METADATA = 42112;
    private static final int GDAL_NODATA = 42113;

    /// What GDAL calls the ghost area: it stands between the header and the first directory, where no field
    /// points. The last line ends in a space so that a program that breaks the layout can turn `NO` into `YES`
    /// in place.
    private static final String STRUCTURE = """
            LAYOUT=IFDS_BEFORE_DATA
            BLOCK_ORDER=ROW_MAJOR
            BLOCK_LEADER=SIZE_AS_UINT4
            BLOCK_TRAILER=LAST_4_BYTES_REPEATED
            KNOWN_INCOMPATIBLE_EDITION=NO
            \s""";

    private final AtomicFile file;
    private final Grid grid;
    private final CogOptions options;
    private final List<PyramidLevel> levels;
    private final SampleAccess samples;
    private final byte[] row;
    private int rows;

    private CogWriter(AtomicFile file, Grid grid, CogOptions options, List<PyramidLevel> levels) {
        this.file = file;
        this.grid = grid;
        this.options = options;
        this.levels = levels;
        this.samples = new SampleAccess(options.type(), options.bands());
        this.row = new byte[grid.width() * options.pixelBytes()];
    }

    /// Opens a writer. Nothing appears at `path` before [#finish()].
    ///
    /// @throws RasterException if the folder cannot be written or a row of tiles is too large for the heap
    public static CogWriter create(Path path, Grid grid, CogOptions options) throws RasterException {
        List<Window> sizes = pyramid(grid);
        int tileSize = Math.max(grid.width(), grid.height()) <= SMALL_TILE ? SMALL_TILE : TILE;
        requireHeap(path, sizes, tileSize, options);
        AtomicFile file = AtomicFile.create(path);
        List<PyramidLevel> levels = new ArrayList<>();
        try {
            TileCodec codec = new TileCodec(tileSize, options);
            PyramidLevel smaller = null;
            for (Window size : sizes.reversed()) {
                Path spool = file.temporary().resolveSibling(file.temporary().getFileName() + "." + levels.size());
                smaller = new PyramidLevel(size.width(), size.height(), codec, spool, smaller);
                levels.addFirst(smaller);
            }
            return new CogWriter(file, grid, options, levels);
        } catch (IOException e) {
            RasterException failure = file.failure(e);
            closeAll(file, levels, failure);
            throw failure;
        }
    }

    /// The size of the image and of its overviews, each half the one before, rounded up, until one tile holds
    /// it.
    private static List<Window> pyramid(Grid grid) {
        List<Window> sizes = new ArrayList<>(List.of(grid.window()));
        while (Math.max(sizes.getLast().width(), sizes.getLast().height()) > TILE) {
            Window larger = sizes.getLast();
            sizes.add(Window.whole((larger.width() - 1) / 2 + 1, (larger.height() - 1) / 2 + 1));
        }
        return sizes;
    }

    private static void requireHeap(Path path, List<Window> sizes, int tileSize, CogOptions options)
            throws RasterException {
        long tileBytes = (long) tileSize * tileSize * options.pixelBytes();
        long tileCount = 0;
        long needed = 0;
        for (Window size : sizes) {
            long across = PyramidLevel.tilesFor(size.width(), tileSize);
            tileCount += across * PyramidLevel.tilesFor(size.height(), tileSize);
            // A row of tiles, and two rows of pixels.
            needed += across * tileBytes + 2L * size.width() * options.pixelBytes();
        }
        // Tiles being packed: the longest that they may become, and the result.
        needed += Math.min(PyramidLevel.tilesTogether(), tileCount) * (TileCodec.bound(tileBytes) + tileBytes);
        // Offsets and lengths of the tiles, kept twice while the directories are laid out.
        needed += 40 * tileCount;
        long heap = Runtime.getRuntime().maxMemory();
        if (TileCodec.bound(tileBytes) > Integer.MAX_VALUE
                || tileCount > Integer.MAX_VALUE / 16
                || needed > heap / 4 * 3) {
            throw new RasterException(
                    path,
                    "cannot be written: " + sizes.getFirst().width() + "x"
                            + sizes.getFirst().height() + " pixels of " + options.bands() + " "
                            + options.type().label() + " bands need " + (needed >> 20) + " MiB of memory to write, of "
                            + (heap >> 20) + " MiB; write fewer bands or raise the limit with -Xmx");
        }
    }

    /// Appends the next rows.
    ///
    /// @param block as wide as the raster, starting at column 0 and at the first row not yet written, of the
    ///     type and with the bands that the options announced
    public void append(PixelBlock block) throws RasterException {
        Window window = block.window();
        if (window.x() != 0
                || window.width() != grid.width()
                || window.y() != rows
                || window.bottom() > grid.height()) {
            throw new IllegalArgumentException("expected rows of " + grid.width() + " pixels from row " + rows + " of "
                    + grid.height() + ", got a block of " + window);
        }
        if (block.type() != options.type() || block.bands() != options.bands()) {
            throw new IllegalArgumentException("expected " + options.bands() + " bands of "
                    + options.type().label() + ", got " + block.bands() + " of "
                    + block.type().label());
        }
        try {
            for (int y = 0; y < window.height(); y++) {
                samples.gather(block, y, row);
                levels.getFirst().append(row);
                rows++;
            }
        } catch (IOException e) {
            throw file.failure(e);
        }
    }

    /// Puts the file together and moves it into place.
    ///
    /// @throws IllegalStateException if rows are missing
    public void finish() throws RasterException {
        if (!levels.stream().allMatch(PyramidLevel::isComplete)) {
            throw new IllegalStateException(
                    file.target() + ": only " + rows + " of " + grid.height() + " rows were written");
        }
        try (FileChannel out =
                FileChannel.open(file.temporary(), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            assemble(out);
        } catch (IOException e) {
            throw file.failure(e);
        }
        file.commit();
    }

    private void assemble(FileChannel out) throws IOException {
        long dataSize = 0;
        for (PyramidLevel level : levels) {
            dataSize += level.spoolSize();
        }
        boolean bigTiff = options.bigTiff()
                || directoriesStart(false) + directoriesSize(directories(false, 0)) + dataSize > CLASSIC_LIMIT;
        long start = directoriesStart(bigTiff);
        // The first round only tells how long the directories are, which does not depend on the offsets in them.
        List<TiffDirectory> directories = directories(bigTiff, start + directoriesSize(directories(bigTiff, 0)));

        writeFully(out, header(bigTiff, start));
        for (int i = 0; i < directories.size(); i++) {
            long next = i + 1 < directories.size() ? start + directories.get(i).size() : 0;
            writeFully(out, directories.get(i).encode(start, next));
            start = next;
        }
        for (PyramidLevel level : levels.reversed()) {
            level.copyTo(out);
        }
    }

    private static int headerSize(boolean bigTiff) {
        return bigTiff ? 16 : 8;
    }

    private static String ghostArea() {
        return "GDAL_STRUCTURAL_METADATA_SIZE=%06d bytes\n".formatted(STRUCTURE.length()) + STRUCTURE;
    }

    private static long directoriesStart(boolean bigTiff) {
        return TiffDirectory.padded(headerSize(bigTiff) + ghostArea().length());
    }

    private static long directoriesSize(List<TiffDirectory> directories) {
        return directories.stream().mapToLong(TiffDirectory::size).sum();
    }

    private static ByteBuffer header(boolean bigTiff, long firstDirectory) {
        ByteBuffer header = ByteBuffer.allocate(Math.toIntExact(firstDirectory)).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 'I').put((byte) 'I');
        if (bigTiff) {
            header.putShort((short) 43).putShort((short) 8).putShort((short) 0).putLong(firstDirectory);
        } else {
            header.putShort((short) 42).putInt((int) firstDirectory);
        }
        return header.put(ghostArea().getBytes(StandardCharsets.US_ASCII)).clear();
    }

    /// @param dataStart where the tiles of the smallest overview begin
    private List<TiffDirectory> directories(boolean bigTiff, long dataStart) throws IOException {
        List<TiffDirectory> directories = new ArrayList<>();
        long start = dataStart;
        for (PyramidLevel level : levels.reversed()) {
            directories.addFirst(directory(level, bigTiff, start));
            start += level.spoolSize();
        }
        return directories;
    }

    private TiffDirectory directory(PyramidLevel level, boolean bigTiff, long start) {
        boolean overview = level != levels.getFirst();
        int bands = options.bands();
        TiffDirectory directory = new TiffDirectory(bigTiff);
        directory.putLongs(NEW_SUBFILE_TYPE, overview ? 1 : 0);
        directory.putLongs(IMAGE_WIDTH, level.width());
        directory.putLongs(IMAGE_LENGTH, level.height());
        directory.putShorts(BITS_PER_SAMPLE, repeated(8 * options.type().bytes(), bands));
        directory.putShorts(COMPRESSION, options.compression().code());
        directory.putShorts(PHOTOMETRIC_INTERPRETATION, photometric());
        directory.putShorts(SAMPLES_PER_PIXEL, bands);
        directory.putShorts(PLANAR_CONFIGURATION, 1);
        int predictor = new TileCodec(level.tileSize(), options).predictor();
        if (predictor != TileCodec.NO_PREDICTOR) {
            directory.putShorts(PREDICTOR, predictor);
        }
        options.colourTable().ifPresent(table -> directory.putShorts(COLOR_MAP, table.colorMap()));
        directory.putShorts(TILE_WIDTH, level.tileSize());
        directory.putShorts(TILE_LENGTH, level.tileSize());
        directory.putOffsets(TILE_OFFSETS, level.tileOffsets(start));
        directory.putLongs(TILE_BYTE_COUNTS, level.tileBytes());
        int colours = options.isRgb() ? 3 : 1;
        if (bands > colours) {
            directory.putShorts(EXTRA_SAMPLES, repeated(options.isRgb() ? 2 : 0, bands - colours));
        }
        directory.putShorts(SAMPLE_FORMAT, repeated(sampleFormat(), bands));
        options.nodata().ifPresent(value -> directory.putText(GDAL_NODATA, number(value), StandardCharsets.US_ASCII));
        if (!overview) {
            GeoTags.put(grid, directory);
            String metadata = metadata();
            if (!metadata.isEmpty()) {
                directory.putText(GDAL_METADATA, metadata, StandardCharsets.UTF_8);
            }
        }
        return directory;
    }

    private static int[] repeated(int value, int count) {
        int[] values = new int[count];
        Arrays.fill(values, value);
        return values;
    }

    private int photometric() {
        if (options.colourTable().isPresent()) {
            return 3;
        }
        return options.isRgb() ? 2 : 1;
    }

    private int sampleFormat() {
        return switch (options.type()) {
            case UINT8, UINT16, UINT32, UINT64 -> 1;
            case INT8, INT16, INT32, INT64 -> 2;
            case FLOAT32, FLOAT64 -> 3;
        };
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /// The items in the XML that GDAL keeps in a private field, empty if there are none.
    private String metadata() {
        StringBuilder items = new StringBuilder();
        options.metadata()
                .forEach((key, value) ->
                        items.append("  <Item name=\"%s\">%s</Item>\n".formatted(xml(key), content(value))));
        for (int band = 0; band < options.bandNames().size(); band++) {
            items.append("  <Item name=\"DESCRIPTION\" sample=\"%d\" role=\"description\">%s</Item>\n"
                    .formatted(band, content(options.bandNames().get(band))));
        }
        return items.isEmpty() ? "" : "<GDALMetadata>\n" + items + "</GDALMetadata>\n";
    }

    /// GDAL reads the content of an item through two layers of escapes, one of them a habit from before it had
    /// XML.
    private static String content(String text) {
        return xml(xml(text));
    }

    private static String xml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /// Deletes the spool files and, unless [#finish()] succeeded, every other trace.
    @Override
    public void close() throws RasterException {
        RasterException failure = closeAll(file, levels, null);
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable RasterException closeAll(
            AtomicFile file, List<PyramidLevel> levels, @Nullable RasterException earlier) {
        RasterException failure = earlier;
        List<Closeable> all = new ArrayList<>(levels);
        all.add(file);
        for (Closeable closeable : all) {
            try {
                closeable.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = file.failure(e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        return failure;
    }
}
