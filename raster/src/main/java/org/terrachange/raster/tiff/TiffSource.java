package org.terrachange.raster.tiff;

import java.nio.file.Path;
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
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.http.HttpFile;
import org.terrachange.raster.image.PamFile;
import org.terrachange.raster.image.WorldFile;

/// A TIFF, BigTIFF or GeoTIFF opened for reading by window.
///
/// Reads strips and tiles, pixel- and band-interleaved, of unsigned integers of 1 to 16, 24, 32 and 64 bits, signed
/// integers of 8, 16, 32 and 64 bits and floats of 16, 32 and 64 bits, uncompressed or compressed with LZW, Deflate,
/// ZSTD or PackBits, with or without predictor, or with JPEG of 8 bits. Samples are handed out as the file stores
/// them: palette indices stay indices, bilevel samples are 0 and 1, a white-is-zero image is not inverted; only the
/// YCbCr of JPEG becomes RGB.
///
/// What lies beside the file counts too: GDAL's `.aux.xml`, `.ovr` and `.msk`, and a world file.
///
/// Memory: the blocks in work and a cache of 64 MiB of decoded blocks.
public final class TiffSource implements RasterSource {
    /// How much wider than asked for the pixels of an overview may be: sizes are rounded to whole pixels.
    private static final double ROUNDING = 1.01;

    private final Pyramid pyramid;
    private final int level;
    private final boolean owner;
    private final Scene scene;
    private final TiffFile file;
    private final ImageLayout layout;
    private final BlockReader blocks;
    private final Grid grid;
    private final Storage storage;
    private final List<BandRole> roles;
    private final OptionalDouble nodata;
    private final Optional<Palette> palette;
    private final Optional<RasterSource> mask;

    /// What all resolutions of a file share.
    ///
    /// @param grid the grid of the full resolution
    /// @param pam what GDAL wrote beside the file
    private record Scene(Grid grid, OptionalDouble nodata, PamFile pam) {
        static Scene of(Directory first) throws RasterException {
            Optional<Path> path = first.file().path();
            PamFile pam = path.isPresent() ? PamFile.beside(path.get()) : PamFile.NONE;
            ImageLayout layout = ImageLayout.of(first);
            var tags = new GeoTags(first);
            Optional<Affine> transform = pam.transform().isPresent() ? pam.transform() : tags.transform();
            if (transform.isEmpty() && path.isPresent()) {
                transform = WorldFile.beside(path.get());
            }
            Optional<Crs> crs = pam.crs().isPresent() ? pam.crs() : tags.crs();
            String nodata = pam.nodata().getOrDefault(0, first.text(Directory.GDAL_NODATA));
            return new Scene(
                    new Grid(layout.width(), layout.height(), transform, crs),
                    TiffSource.nodata(first.file(), nodata, layout.type()),
                    pam);
        }

        /// Overviews carry no georeferencing of their own: they cover the ground of the full image with larger
        /// pixels.
        Grid grid(ImageLayout level) {
            double horizontal = (double) grid.width() / level.width();
            double vertical = (double) grid.height() / level.height();
            return new Grid(
                    level.width(),
                    level.height(),
                    grid.transform().map(t -> t.scaled(horizontal, vertical)),
                    grid.crs());
        }
    }

    /// A resolution.
    private TiffSource(Pyramid pyramid, int level, boolean owner, Scene scene) throws RasterException {
        this.pyramid = pyramid;
        this.level = level;
        this.owner = owner;
        this.scene = scene;
        Directory directory = pyramid.levels().get(level).image();
        this.file = directory.file();
        this.layout = ImageLayout.of(directory);
        BlockCodec codec = BlockCodec.of(directory, layout);
        this.blocks = new BlockReader(directory, layout, codec, pyramid.cache());
        this.grid = scene.grid(layout);
        this.storage = storage(layout, codec, pyramid.levels().size() - 1 - level);
        this.roles =
                BandRoles.of(directory, layout.samples(), codec, scene.pam().roles());
        this.nodata = scene.nodata();
        this.palette = ColorMap.of(directory, layout, nodata);
        Optional<Directory> missing = pyramid.levels().get(level).mask();
        this.mask = missing.isPresent() ? Optional.of(new TiffSource(this, missing.get())) : Optional.empty();
    }

    /// The mask of a resolution.
    private TiffSource(TiffSource image, Directory directory) throws RasterException {
        this.pyramid = image.pyramid;
        this.level = image.level;
        this.owner = false;
        this.scene = image.scene;
        this.file = directory.file();
        this.layout = ImageLayout.of(directory);
        if (layout.samples() != 1 || layout.type() != SampleType.UINT8) {
            throw file.unsupported("has a mask of " + layout.samples() + " bands of "
                    + layout.type().label() + " samples");
        }
        BlockCodec codec = BlockCodec.of(directory, layout);
        this.blocks = new BlockReader(directory, layout, codec, pyramid.cache());
        this.grid = image.grid;
        this.storage = storage(layout, codec, 0);
        this.roles = List.of(BandRole.UNDEFINED);
        this.nodata = OptionalDouble.empty();
        this.palette = Optional.empty();
        this.mask = Optional.empty();
    }

    /// Opens the first image of a file at full resolution.
    ///
    /// @throws org.terrachange.raster.UnsupportedFormatException if the file uses something that is not read here
    /// @throws RasterException if the file cannot be read or is damaged
    public static TiffSource open(Path path) throws RasterException {
        return open(path, 0);
    }

    /// Opens the first image of a file on a web server at full resolution, and closes the file when closed. Files
    /// beside it are not looked for.
    ///
    /// @throws org.terrachange.raster.UnsupportedFormatException if the file uses something that is not read here
    /// @throws RasterException if the file cannot be read or is damaged; it is closed then
    public static TiffSource open(HttpFile file) throws RasterException {
        return open(Pyramid.of(TiffFile.open(new RemoteBytes(file))), 0);
    }

    /// Opens one of the resolutions of a file.
    ///
    /// @param level 0 for full resolution, 1 for the first overview, and so on up to the number of overviews that
    ///     the storage of level 0 states
    /// @throws org.terrachange.raster.UnsupportedFormatException if the file uses something that is not read here
    /// @throws RasterException if the file cannot be read or is damaged
    /// @throws IndexOutOfBoundsException if the file has no such level
    public static TiffSource open(Path path, int level) throws RasterException {
        return open(Pyramid.of(TiffFile.open(path)), level);
    }

    private static TiffSource open(Pyramid pyramid, int level) throws RasterException {
        try {
            Scene scene = Scene.of(pyramid.levels().getFirst().image());
            return new TiffSource(pyramid, level, true, scene);
        } catch (RasterException | RuntimeException e) {
            pyramid.close();
            throw e;
        }
    }

    private static Storage storage(ImageLayout layout, BlockCodec codec, int overviews) {
        return new Storage(
                "GTiff",
                codec.label(),
                layout.tiled() ? "tile" : "strip",
                layout.blockWidth(),
                layout.blockHeight(),
                layout.planar() || layout.samples() == 1 ? "band" : "pixel",
                overviews);
    }

    private static OptionalDouble nodata(TiffFile file, String stored, SampleType type) throws RasterException {
        try {
            return type.nodata(stored);
        } catch (NumberFormatException _) {
            throw file.error("names a nodata value that is no number: " + stored.strip());
        }
    }

    @Override
    public String location() {
        return file.location();
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
    public Optional<Palette> palette() {
        return palette;
    }

    @Override
    public Optional<RasterSource> mask() {
        return mask;
    }

    /// {@inheritDoc}
    ///
    /// A copy that lacks the mask that this source has is of no use.
    @Override
    public RasterSource overview(double factor) throws RasterException {
        if (factor < 1) {
            throw new IllegalArgumentException("an overview has larger pixels, not " + factor + " times as large");
        }
        int best = level;
        long width = layout.width();
        for (int other = 0; other < pyramid.levels().size(); other++) {
            Pyramid.Level copy = pyramid.levels().get(other);
            long copyWidth = copy.image().number(Directory.IMAGE_WIDTH, 0);
            long copyHeight = copy.image().number(Directory.IMAGE_LENGTH, 0);
            if (copyWidth < width
                    && copyWidth * factor * ROUNDING >= layout.width()
                    && copyHeight * factor * ROUNDING >= layout.height()
                    && (mask.isEmpty() || copy.mask().isPresent())) {
                best = other;
                width = copyWidth;
            }
        }
        return best == level ? this : new TiffSource(pyramid, best, false, scene);
    }

    @Override
    public PixelBlock read(Window window, int... bands) throws RasterException {
        int[] chosen = RasterSource.checkedBands(this, window, bands);
        PixelBlock result = PixelBlock.allocate(window, layout.type(), chosen.length);
        var pieces = new Pieces(
                blocks.pieceRowOf(window.y()),
                blocks.pieceRowOf(window.bottom() - 1),
                blocks.pieceColumnOf(window.x()),
                blocks.pieceColumnOf(window.right() - 1),
                layout.planar() ? chosen : new int[] {0});
        long done = 0;
        while (done < pieces.count()) {
            long first = done;
            long end = blocks.announce(pieces, first);
            Decoders.forEach(end - first, blocks.threads(end - first), i -> {
                long piece = first + i;
                int[] samples = layout.planar() ? new int[] {0} : chosen;
                copy(
                        pieces.plane(piece),
                        pieces.row(piece),
                        pieces.column(piece),
                        result,
                        pieces.order(piece),
                        samples);
            });
            done = end;
        }
        return result;
    }

    /// Copies a piece into the bands of `result` from `band` on, one for each of the chosen samples.
    private void copy(int plane, int row, int column, PixelBlock result, int band, int... chosen)
            throws RasterException {
        Optional<DecodedBlock> block = blocks.read(plane, row, column);
        if (block.isPresent()) {
            block.get().copyTo(result, band, chosen);
            blocks.release(block.get());
        } else if (nodata.isPresent()) {
            Window area = blocks.area(row, column).intersection(result.window());
            for (int i = 0; i < chosen.length; i++) {
                fill(result, band + i, area, nodata.getAsDouble());
            }
        }
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
        if (owner) {
            pyramid.close();
        }
    }
}
