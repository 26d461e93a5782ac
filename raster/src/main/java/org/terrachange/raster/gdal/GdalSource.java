package org.terrachange.raster.gdal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Palette;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

/// An image that GDAL reads.
///
/// Samples are those of the file: scale and offset are not applied. Where bands differ in type, all are read as the
/// narrowest type that holds each; the nodata value is that of the first band. An image with ground control points
/// but no affine map counts as not georeferenced. Complex numbers are refused.
///
/// Memory: GDAL's cache, 64 MiB for all images together, and up to 16 MiB a read, or one block of each band where that
/// is more.
///
/// One thread at a time reads an image, and of some formats one thread at a time reads at all.
final class GdalSource implements RasterSource {
    private static final long PIECE_BYTES = 16L << 20;
    private static final int READ = 0;
    private static final int FAILURE = 3;

    private final GdalDataset dataset;
    private final GdalBands bands;
    private final Grid grid;
    private final boolean whole;
    private final Optional<RasterSource> mask;

    /// @param whole whether this is the image itself, which closes the data set, and no mask or overview
    private GdalSource(GdalDataset dataset, GdalBands bands, Grid grid, boolean whole) throws RasterException {
        this.dataset = dataset;
        this.bands = bands;
        this.grid = grid;
        this.whole = whole;
        this.mask = bands.mask().isEmpty()
                ? Optional.empty()
                : Optional.of(part(List.of(bands.mask().get())));
    }

    /// @param location for messages and [#location]
    /// @throws RasterException if GDAL cannot open it, or it is no image of real numbers
    static RasterSource open(GdalLibrary library, String location, GdalName name) throws RasterException {
        GdalDataset dataset = GdalDataset.open(library, location, name);
        try {
            refuseForeignOverviews(dataset);
            List<MemorySegment> bands = dataset.use((gdal, image, _) -> {
                var list = new ArrayList<MemorySegment>();
                for (int number = 1; number <= gdal.bands(image); number++) {
                    list.add(gdal.band(image, number));
                }
                return list;
            });
            if (bands.isEmpty()) {
                List<String> images = dataset.subdatasets();
                throw dataset.error(
                        images.isEmpty()
                                ? "holds no image"
                                : "holds several images; name one of them: " + String.join(", ", images));
            }
            return new GdalSource(dataset, GdalBands.of(dataset, bands), readGrid(dataset), true);
        } catch (RasterException | RuntimeException | Error e) {
            dataset.close();
            throw e;
        }
    }

    /// A file beside an image can name any other file or address as its reduced copies.
    private static void refuseForeignOverviews(GdalDataset dataset) throws RasterException {
        String file = dataset.use((gdal, image, arena) -> CStrings.text(
                        gdal.metadataItem(image, CStrings.of(arena, "OVERVIEW_FILE"), CStrings.of(arena, "OVERVIEWS")))
                .orElse(""));
        if (!file.isEmpty() && !file.startsWith(":::BASE:::")) {
            throw dataset.error("names another file as its overviews (" + file + "); remove that from its metadata");
        }
    }

    private static Grid readGrid(GdalDataset dataset) throws RasterException {
        Optional<Crs> crs = GdalCrs.of(dataset);
        return dataset.use((gdal, image, arena) -> {
            MemorySegment coefficients = arena.allocate(ValueLayout.JAVA_DOUBLE, 6);
            boolean placed = gdal.geoTransform(image, coefficients) != FAILURE;
            try {
                Optional<Affine> transform = placed
                        ? Optional.of(Affine.ofGdal(coefficients.toArray(ValueLayout.JAVA_DOUBLE)))
                        : Optional.empty();
                return new Grid(gdal.width(image), gdal.height(image), transform, crs);
            } catch (IllegalArgumentException e) {
                throw dataset.error("has damaged georeferencing: " + e.getMessage());
            }
        });
    }

    /// Other bands of the same data set that cover the same ground.
    private GdalSource part(List<MemorySegment> handles) throws RasterException {
        GdalBands part = GdalBands.of(dataset, handles);
        Optional<Affine> transform = grid.transform()
                .map(t -> t.scaled((double) grid.width() / part.width(), (double) grid.height() / part.height()));
        return new GdalSource(dataset, part, new Grid(part.width(), part.height(), transform, grid.crs()), false);
    }

    @Override
    public String location() {
        return dataset.location();
    }

    @Override
    public String reader() {
        return dataset.library().reader();
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public Storage storage() {
        return bands.storage();
    }

    @Override
    public int bands() {
        return bands.handles().size();
    }

    @Override
    public SampleType type() {
        return bands.type();
    }

    @Override
    public BandRole role(int band) {
        return bands.roles().get(band);
    }

    @Override
    public OptionalDouble nodata() {
        return bands.nodata();
    }

    @Override
    public Optional<Palette> palette() {
        return bands.palette();
    }

    @Override
    public Optional<RasterSource> mask() {
        return mask;
    }

    @Override
    public RasterSource overview(double factor) throws RasterException {
        Optional<GdalBands.Overview> coarsest = bands.overviews().stream()
                .filter(copy -> grid.width() <= copy.width() * factor && grid.height() <= copy.height() * factor)
                .filter(copy -> copy.width() < grid.width())
                .min(Comparator.comparingInt(GdalBands.Overview::width));
        if (coarsest.isEmpty()) {
            return this;
        }
        RasterSource copy = part(coarsest.get().handles());
        // Without the mask its missing pixels would count as ground.
        return mask.isPresent() && copy.mask().isEmpty() ? this : copy;
    }

    @Override
    public PixelBlock read(Window window, int... chosen) throws RasterException {
        int[] numbers = RasterSource.checkedBands(this, window, chosen);
        PixelBlock block = PixelBlock.allocate(window, bands.type(), numbers.length);
        // Pieces follow the blocks, so that each block is decoded once even where all bands lie in it.
        int blockWidth = bands.storage().blockWidth();
        int blockHeight = bands.storage().blockHeight();
        long most = Math.max(1, PIECE_BYTES / bands.type().bytes() / numbers.length);
        int columns = wholeBlocks(most / blockHeight, blockWidth);
        int rows = wholeBlocks(most / Math.min(columns, window.width()), blockHeight);
        for (int y = window.y(); y < window.bottom(); y = next(y, rows, window.bottom())) {
            for (int x = window.x(); x < window.right(); x = next(x, columns, window.right())) {
                copy(
                        new Window(x, y, next(x, columns, window.right()) - x, next(y, rows, window.bottom()) - y),
                        numbers,
                        block);
            }
        }
        return block;
    }

    /// The largest multiple of the length of a block up to `most`, at least one.
    private static int wholeBlocks(long most, int block) {
        return (int) Math.clamp(most / block * block, block, Integer.MAX_VALUE);
    }

    /// Where the piece after the one that begins at `from` begins: pieces begin at multiples of `step`.
    private static int next(int from, int step, int end) {
        return (int) Math.min(end, (from / step + 1L) * step);
    }

    /// Reads a piece into its place in a block, and returns the block.
    private PixelBlock copy(Window piece, int[] numbers, PixelBlock block) throws RasterException {
        return dataset.use((gdal, _, arena) -> {
            MemorySegment buffer = arena.allocate(piece.area() * bands.type().bytes(), Long.BYTES);
            for (int i = 0; i < numbers.length; i++) {
                MemorySegment band = bands.handles().get(numbers[i]);
                gdal.resetError();
                int result = gdal.transfer(
                        band,
                        READ,
                        piece.x(),
                        piece.y(),
                        piece.width(),
                        piece.height(),
                        buffer,
                        piece.width(),
                        piece.height(),
                        bands.code(),
                        0,
                        0);
                if (result >= FAILURE) {
                    throw dataset.error("is damaged or cannot be reached: GDAL fails to read " + piece
                            + dataset.library().reason());
                }
                unpack(buffer, piece, block, i);
            }
            return block;
        });
    }

    private static void unpack(MemorySegment buffer, Window piece, PixelBlock block, int band) {
        Window window = block.window();
        int width = piece.width();
        for (int row = 0; row < piece.height(); row++) {
            long from = (long) row * width * block.type().bytes();
            int to = (piece.y() - window.y() + row) * window.width() + piece.x() - window.x();
            switch (block.type()) {
                case UINT8, INT8 ->
                    MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, from, block.bytes(band), to, width);
                case UINT16, INT16 ->
                    MemorySegment.copy(buffer, ValueLayout.JAVA_SHORT, from, block.shorts(band), to, width);
                case UINT32, INT32 ->
                    MemorySegment.copy(buffer, ValueLayout.JAVA_INT, from, block.ints(band), to, width);
                case UINT64, INT64 ->
                    MemorySegment.copy(buffer, ValueLayout.JAVA_LONG, from, block.longs(band), to, width);
                case FLOAT32 -> MemorySegment.copy(buffer, ValueLayout.JAVA_FLOAT, from, block.floats(band), to, width);
                case FLOAT64 ->
                    MemorySegment.copy(buffer, ValueLayout.JAVA_DOUBLE, from, block.doubles(band), to, width);
            }
        }
    }

    /// Closes the image with its mask and overviews; closing one of those does nothing.
    @Override
    public void close() {
        if (whole) {
            dataset.close();
        }
    }
}
