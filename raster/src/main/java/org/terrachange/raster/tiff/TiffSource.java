package org.terrachange.raster.tiff;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.image.WorldFile;

/// A TIFF, BigTIFF or GeoTIFF opened for reading by window.
///
/// Reads strips and tiles, pixel- and band-interleaved, of unsigned integers of 1 to 16, 24, 32 and 64 bits, signed
/// integers
/// of 8, 16, 32 and 64 bits and floats of 16, 32 and 64 bits, uncompressed or compressed with LZW, Deflate, ZSTD or
/// PackBits, with or without predictor, or with JPEG of 8 bits. Samples are handed out as the file stores them:
/// palette indices stay indices, bilevel samples are 0 and 1, a white-is-zero image is not inverted; only the YCbCr
/// of JPEG becomes RGB.
///
/// Memory: the blocks in work and a cache of 64 MiB of decoded blocks.
public final class TiffSource implements RasterSource {
    private static final int REDUCED = 1;
    private static final int MASK = 4;

    private final TiffFile file;
    private final ImageLayout layout;
    private final BlockReader blocks;
    private final Grid grid;
    private final Storage storage;
    private final List<BandRole> roles;
    private final OptionalDouble nodata;

    private TiffSource(
            TiffFile file,
            ImageLayout layout,
            BlockReader blocks,
            Grid grid,
            Storage storage,
            List<BandRole> roles,
            OptionalDouble nodata) {
        this.file = file;
        this.layout = layout;
        this.blocks = blocks;
        this.grid = grid;
        this.storage = storage;
        this.roles = roles;
        this.nodata = nodata;
    }

    /// Opens the first image of a file at full resolution.
    ///
    /// @throws RasterException if the file cannot be read, is damaged, or uses something that is not supported
    public static TiffSource open(Path path) throws RasterException {
        return open(path, 0);
    }

    /// Opens one of the resolutions of a file.
    ///
    /// @param level 0 for full resolution, 1 for the first overview, and so on up to the number of overviews that
    ///     the storage of level 0 states
    /// @throws RasterException if the file cannot be read, is damaged, or uses something that is not supported
    /// @throws IndexOutOfBoundsException if the file has no such level
    public static TiffSource open(Path path, int level) throws RasterException {
        TiffFile file = TiffFile.open(path);
        try {
            return open(file, level);
        } catch (RasterException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static TiffSource open(TiffFile file, int level) throws RasterException {
        List<Directory> directories = file.directories();
        Directory first = directories.getFirst();
        ImageLayout full = ImageLayout.of(first);
        List<Directory> levels = new ArrayList<>(List.of(first));
        for (Directory directory : directories.subList(1, directories.size())) {
            long kind = directory.number(Directory.NEW_SUBFILE_TYPE, 0);
            if ((kind & REDUCED) != 0
                    && (kind & MASK) == 0
                    && directory.number(Directory.IMAGE_WIDTH, 0) <= full.width()) {
                levels.add(directory);
            }
        }
        Directory directory = levels.get(level);
        ImageLayout layout = level == 0 ? full : ImageLayout.of(directory);
        BlockCodec codec = BlockCodec.of(directory, layout);
        var blocks = new BlockReader(directory, layout, codec);
        var storage = new Storage(
                "GTiff",
                codec.label(),
                layout.tiled() ? "tile" : "strip",
                layout.blockWidth(),
                layout.blockHeight(),
                layout.planar() || layout.samples() == 1 ? "band" : "pixel",
                levels.size() - 1 - level);
        return new TiffSource(
                file,
                layout,
                blocks,
                grid(first, full, layout),
                storage,
                BandRoles.of(directory, layout.samples(), codec),
                nodata(first, layout.type()));
    }

    /// Overviews carry no georeferencing of their own: they cover the ground of the full image with larger pixels.
    private static Grid grid(Directory first, ImageLayout full, ImageLayout level) throws RasterException {
        var tags = new GeoTags(first);
        Optional<Affine> transform = tags.transform();
        Optional<Crs> crs = tags.crs();
        if (transform.isEmpty() && crs.isEmpty()) {
            transform = WorldFile.beside(first.file().path());
        }
        return new Grid(
                level.width(),
                level.height(),
                transform.map(
                        t -> t.scaled((double) full.width() / level.width(), (double) full.height() / level.height())),
                crs);
    }

    /// GDAL stores the value as text; one meant for floats has often been printed with more or fewer digits than a
    /// float
    /// holds.
    private static OptionalDouble nodata(Directory directory, SampleType type) throws RasterException {
        String text = directory.text(Directory.GDAL_NODATA).strip();
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        double value = switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "-nan", "+nan" -> Double.NaN;
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException _) {
                    throw directory.file().error("names a nodata value that is no number: " + text);
                }
            }
        };
        return OptionalDouble.of(type == SampleType.FLOAT32 ? (float) value : value);
    }

    @Override
    public String location() {
        return file.path().toString();
    }

    @Override
    public String reader() {
        return Rasters.OWN_READER;
    }

    @Override
    public Grid grid() {
        return grid;
    }

    @Override
    public Storage storage() {
        return storage;
    }

    @Override
    public int bands() {
        return layout.samples();
    }

    @Override
    public SampleType type() {
        return layout.type();
    }

    @Override
    public BandRole role(int band) {
        return roles.get(band);
    }

    @Override
    public OptionalDouble nodata() {
        return nodata;
    }

    @Override
    public PixelBlock read(Window window, int... bands) throws RasterException {
        int[] chosen = RasterSource.checkedBands(this, window, bands);
        PixelBlock result = PixelBlock.allocate(window, layout.type(), chosen.length);
        int lastRow = blocks.pieceRowOf(window.bottom() - 1);
        int lastColumn = blocks.pieceColumnOf(window.right() - 1);
        for (int row = blocks.pieceRowOf(window.y()); row <= lastRow; row++) {
            for (int column = blocks.pieceColumnOf(window.x()); column <= lastColumn; column++) {
                for (int band = 0; band < chosen.length; band++) {
                    Optional<DecodedBlock> block = blocks.read(layout.planar() ? chosen[band] : 0, row, column);
                    if (block.isPresent()) {
                        block.get().copyTo(result, band, layout.planar() ? 0 : chosen[band]);
                    } else if (nodata.isPresent()) {
                        fill(result, band, blocks.area(row, column).intersection(window), nodata.getAsDouble());
                    }
                }
            }
        }
        return result;
    }

    private static void fill(PixelBlock block, int band, Window area, double value) {
        int width = block.window().width();
        for (int y = area.y(); y < area.bottom(); y++) {
            int from =
                    (y - block.window().y()) * width + area.x() - block.window().x();
            for (int i = from; i < from + area.width(); i++) {
                switch (block.type()) {
                    case UINT8, INT8 -> block.bytes(band)[i] = (byte) (long) value;
                    case UINT16, INT16 -> block.shorts(band)[i] = (short) (long) value;
                    case UINT32, INT32 -> block.ints(band)[i] = (int) (long) value;
                    case UINT64, INT64 ->
                        block.longs(band)[i] = value < 0x1p63 ? (long) value : (long) (value - 0x1p64);
                    case FLOAT32 -> block.floats(band)[i] = (float) value;
                    case FLOAT64 -> block.doubles(band)[i] = value;
                }
            }
        }
    }

    @Override
    public void close() throws RasterException {
        blocks.release();
        file.close();
    }
}
