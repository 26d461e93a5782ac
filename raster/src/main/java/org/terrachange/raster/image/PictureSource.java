package org.terrachange.raster.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.UnsupportedFormatException;
import org.terrachange.raster.Window;

/// A PNG or JPEG opened for reading by window.
///
/// Neither format can be read in part, so the first read decodes the whole picture, and it stays in memory
/// until the source is closed. Pictures of more than [#MAX_PIXELS] pixels, or of more bytes than half the Java
/// heap, are refused when they are opened.
///
/// Bands are gray, gray and alpha, RGB, or RGB and alpha; palettes are expanded to colours, gray levels of fewer than 8
/// bits are stretched to 0..255, 16-bit samples stay `uint16`. Colour profiles are not applied: samples are those of
/// the file. A world file beside the picture gives its place on the ground.
public final class PictureSource implements RasterSource {
    /// The largest picture, in pixels (64 Mi): about 8000 x 8000.
    public static final long MAX_PIXELS = 64L << 20;

    private static final int PNG_GRAY = 0;

    private final Path path;
    private final Format format;
    private final Grid grid;
    private final SampleType type;
    private final List<BandRole> roles;
    private final OptionalDouble nodata;

    private @Nullable BufferedImage decoded;
    private boolean closed;

    private PictureSource(
            Path path, Format format, Grid grid, SampleType type, List<BandRole> roles, OptionalDouble nodata) {
        this.path = path;
        this.format = format;
        this.grid = grid;
        this.type = type;
        this.roles = roles;
        this.nodata = nodata;
    }

    /// The two formats, by the name under which ImageIO knows them.
    private enum Format {
        PNG("DEFLATE"),
        JPEG("JPEG");

        private final String compression;

        Format(String compression) {
            this.compression = compression;
        }
    }

    /// Opens a PNG or JPEG file and reads its header.
    ///
    /// @throws RasterException if the header is damaged, if the picture is too large or in CMYK colours, or if
    ///     a file beside it that places it on the ground is damaged
    public static PictureSource open(Path path) throws RasterException {
        Format format = formatOf(path);
        return withReader(path, format, reader -> {
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            ImageTypeSpecifier image = imageType(path, reader);
            List<BandRole> roles = roles(path, format, image);
            SampleType type = image.getSampleModel().getTransferType() == DataBuffer.TYPE_USHORT
                    ? SampleType.UINT16
                    : SampleType.UINT8;
            requireFits(path, (long) width * height, image.getNumBands() * type.bytes());
            PamFile pam = PamFile.beside(path);
            Optional<Affine> transform = pam.transform().isPresent() ? pam.transform() : WorldFile.beside(path);
            var grid = new Grid(width, height, transform, pam.crs());
            return new PictureSource(path, format, grid, type, roles, nodata(path, pam, type));
        });
    }

    private static OptionalDouble nodata(Path path, PamFile pam, SampleType type) throws RasterException {
        String stored = pam.nodata().getOrDefault(0, "");
        try {
            return type.nodata(stored);
        } catch (NumberFormatException e) {
            throw new RasterException(
                    path, "has a nodata value beside it, in its .aux.xml, that is no number: " + stored, e);
        }
    }

    private static Format formatOf(Path path) throws RasterException {
        try (var in = Files.newInputStream(path)) {
            return in.read() == 0xff ? Format.JPEG : Format.PNG;
        } catch (IOException e) {
            throw new RasterException(path, "cannot be read (" + e + ")", e);
        }
    }

    private static void requireFits(Path path, long pixels, int bytesPerPixel) throws RasterException {
        if (pixels > MAX_PIXELS) {
            throw new UnsupportedFormatException(
                    path,
                    "has " + pixels + " pixels; TerraChange reads PNG and JPEG whole, up to " + MAX_PIXELS
                            + ", and tiled GeoTIFF of any size");
        }
        long bytes = pixels * bytesPerPixel;
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap / 2) {
            throw new RasterException(
                    path,
                    "takes " + (bytes >> 20) + " MiB of memory, more than half of the " + (heap >> 20)
                            + " MiB that Java may use. Raise -Xmx, or convert it to a tiled GeoTIFF");
        }
    }

    /// The form in which ImageIO hands out the samples without converting colours: where a JPEG carries a colour
    /// profile the default form is sRGB, another one has the profile's own colours.
    private static ImageTypeSpecifier imageType(Path path, ImageReader reader) throws IOException {
        var types = new ArrayList<ImageTypeSpecifier>();
        reader.getImageTypes(0).forEachRemaining(types::add);
        if (types.isEmpty() || types.getFirst().getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
            throw new UnsupportedFormatException(path, "has CMYK colours, which TerraChange does not read by itself");
        }
        ImageTypeSpecifier first = types.getFirst();
        return types.stream()
                .filter(t -> t.getNumBands() == first.getNumBands()
                        && t.getNumBands() == 3
                        && !t.getColorModel().getColorSpace().isCS_sRGB())
                .findFirst()
                .orElse(first);
    }

    private static List<BandRole> roles(Path path, Format format, ImageTypeSpecifier image) throws RasterException {
        boolean alpha = image.getColorModel().hasAlpha();
        boolean gray = image.getColorModel() instanceof IndexColorModel
                ? format == Format.PNG && PngChunks.colourType(path) == PNG_GRAY
                : image.getNumBands() < 3;
        List<BandRole> colours = gray ? List.of(BandRole.GRAY) : List.of(BandRole.RED, BandRole.GREEN, BandRole.BLUE);
        var roles = new ArrayList<>(colours);
        if (alpha) {
            roles.add(BandRole.ALPHA);
        }
        return List.copyOf(roles);
    }

    @Override
    public String location() {
        return path.toString();
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
        return new Storage(
                format.name(), format.compression, "scanline", grid.width(), 1, bands() == 1 ? "band" : "pixel", 0);
    }

    @Override
    public int bands() {
        return roles.size();
    }

    @Override
    public SampleType type() {
        return type;
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
        BufferedImage image = image();
        PixelBlock block = PixelBlock.allocate(window, type, chosen.length);
        var row = new int[window.width()];
        for (int i = 0; i < chosen.length; i++) {
            if (image.getColorModel() instanceof IndexColorModel palette) {
                copyColours(image.getRaster(), row, colours(palette, role(chosen[i])), block, i);
            } else {
                copySamples(image.getRaster(), row, chosen[i], block, i);
            }
        }
        return block;
    }

    /// What one band shows for each palette index.
    private static byte[] colours(IndexColorModel palette, BandRole role) {
        var colours = new byte[Math.max(256, palette.getMapSize())];
        switch (role) {
            case GRAY, RED -> palette.getReds(colours);
            case GREEN -> palette.getGreens(colours);
            case BLUE -> palette.getBlues(colours);
            case ALPHA -> palette.getAlphas(colours);
            case PALETTE, UNDEFINED -> throw new IllegalStateException("a picture has no band of role " + role);
        }
        return colours;
    }

    private static void copyColours(Raster raster, int[] row, byte[] colours, PixelBlock block, int band) {
        Window window = block.window();
        byte[] target = block.bytes(band);
        for (int y = 0, to = 0; y < window.height(); y++) {
            raster.getSamples(window.x(), window.y() + y, window.width(), 1, 0, row);
            for (int index : row) {
                target[to++] = colours[index];
            }
        }
    }

    private void copySamples(Raster raster, int[] row, int sample, PixelBlock block, int band) {
        Window window = block.window();
        for (int y = 0, to = 0; y < window.height(); y++) {
            raster.getSamples(window.x(), window.y() + y, window.width(), 1, sample, row);
            if (type == SampleType.UINT16) {
                short[] target = block.shorts(band);
                for (int value : row) {
                    target[to++] = (short) value;
                }
            } else {
                byte[] target = block.bytes(band);
                for (int value : row) {
                    target[to++] = (byte) value;
                }
            }
        }
    }

    private synchronized BufferedImage image() throws RasterException {
        if (closed) {
            throw new RasterException(path, "has been closed and cannot be read any more");
        }
        if (decoded == null) {
            decoded = decode();
        }
        return decoded;
    }

    private BufferedImage decode() throws RasterException {
        if (format == Format.PNG) {
            PngChunks.requireWhole(path);
        }
        return withReader(path, format, reader -> {
            var warnings = new ArrayList<String>();
            reader.addIIOReadWarningListener((_, warning) -> warnings.add(warning));
            var param = reader.getDefaultReadParam();
            param.setDestinationType(imageType(path, reader));
            BufferedImage image = reader.read(0, param);
            if (!warnings.isEmpty()) {
                // ImageIO fills what it cannot decode with gray and only warns.
                throw new RasterException(path, "is truncated or damaged (" + warnings.getFirst() + ")");
            }
            if (image.getWidth() != grid.width() || image.getHeight() != grid.height()) {
                throw new RasterException(path, "was replaced by another picture after it was opened");
            }
            return image;
        });
    }

    @FunctionalInterface
    private interface Use<T> {
        T with(ImageReader reader) throws IOException;
    }

    private static <T> T withReader(Path path, Format format, Use<T> use) throws RasterException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
        try (var in = new FileImageInputStream(path.toFile())) {
            // Nothing but pixels is wanted, and text or profile chunks can be bombs.
            reader.setInput(in, true, true);
            return use.with(reader);
        } catch (RasterException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new RasterException(path, "is no valid " + format.name() + " (" + e.getMessage() + ")", e);
        } finally {
            reader.dispose();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        decoded = null;
    }
}
