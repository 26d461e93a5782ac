package org.terrachange.raster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.terrachange.raster.image.PictureSource;
import org.terrachange.raster.tiff.TiffSource;

/// Opens images of every supported format.
public final class Rasters {
    /// Enough of a file to tell every format apart.
    private static final int HEAD_BYTES = 16;

    private static final String SUPPORTED = "TIFF, PNG and JPEG are supported";

    /// What [RasterSource#reader] says of the formats that are read here, without the help of another library.
    public static final String OWN_READER = "TerraChange";

    private Rasters() {}

    /// Opens an image by its location.
    ///
    /// @param location the path of a file
    /// @throws RasterException if the file is missing, damaged or of no supported format
    public static RasterSource open(String location) throws RasterException {
        try {
            return open(Path.of(location));
        } catch (InvalidPathException e) {
            throw new RasterException(location, "is no path of a file (" + e.getReason() + ")", e);
        }
    }

    /// Opens a GeoTIFF, TIFF, PNG or JPEG, recognised by its content, never by its name.
    ///
    /// @throws RasterException if the file is missing, damaged or of no supported format
    public static RasterSource open(Path file) throws RasterException {
        if (Files.notExists(file)) {
            throw new RasterException(file, "does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new RasterException(file, "is a folder; give the image file itself");
        }
        String head = head(file);
        if (head.startsWith("II*\0")
                || head.startsWith("MM\0*")
                || head.startsWith("II+\0")
                || head.startsWith("MM\0+")) {
            return TiffSource.open(file);
        }
        if (head.startsWith("\u0089PNG\r\n\u001a\n") || head.startsWith("\u00ff\u00d8\u00ff")) {
            return PictureSource.open(file);
        }
        throw new RasterException(file, unsupported(head));
    }

    /// The first bytes of a file, one character a byte.
    private static String head(Path file) throws RasterException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new RasterException(file, "cannot be read (" + e + ")", e);
        }
    }

    private static String unsupported(String head) {
        if (head.isEmpty()) {
            return "is empty";
        }
        if (head.startsWith("version https://")) {
            return "is a Git LFS pointer, not the image itself; fetch it with git lfs pull";
        }
        if (head.startsWith("<")) {
            return "is a text in XML or HTML, not an image; " + SUPPORTED;
        }
        String known = head.startsWith("\0\0\0\fjP")
                ? "JPEG 2000"
                : head.startsWith("GIF8")
                        ? "GIF"
                        : head.startsWith("BM")
                                ? "BMP"
                                : head.startsWith("RIFF") && head.startsWith("WEBP", 8)
                                        ? "WebP"
                                        : head.startsWith("\u0089HDF") ? "HDF5" : head.startsWith("PK") ? "ZIP" : "";
        return known.isEmpty()
                ? "is of no known image format; " + SUPPORTED
                : "is a " + known + " file; " + SUPPORTED + ", so convert it, for example with gdal_translate";
    }
}
