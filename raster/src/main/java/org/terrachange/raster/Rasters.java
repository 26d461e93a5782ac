package org.terrachange.raster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.terrachange.raster.gdal.GdalReader;
import org.terrachange.raster.http.HttpFile;
import org.terrachange.raster.image.PictureSource;
import org.terrachange.raster.tiff.TiffSource;

/// Opens images of every supported format.
public final class Rasters {
    /// Enough of a file to tell every format apart.
    private static final int HEAD_BYTES = 16;

    private static final String ALONE = "TerraChange reads TIFF, PNG and JPEG by itself";

    /// What [RasterSource#reader] says of the formats that are read here, without the help of another library.
    public static final String OWN_READER = "TerraChange";

    /// Formats worth naming, by the first bytes of their files.
    private static final Map<String, String> OTHER_FORMATS = Map.of(
            "\0\0\0\fjP",
            "JPEG 2000",
            "GIF8",
            "GIF",
            "BM",
            "BMP",
            "\u0089HDF",
            "HDF5",
            "CDF",
            "netCDF",
            "<VRT",
            "VRT",
            "PK",
            "ZIP");

    private Rasters() {}

    /// Opens an image by its location, with GDAL where TerraChange does not read its format by itself.
    ///
    /// @param location the path of a file, the address of one on the web (`https://...`), of which only the parts
    ///     needed are transferred, or what GDAL calls a data set: another address (`s3://...`), a name in one
    ///     of its file systems (`/vsizip/...`) or with a driver's prefix (`NETCDF:"file.nc":band`)
    /// @throws UnsupportedFormatException if reading it takes GDAL, and GDAL is not installed
    /// @throws RasterException if it is missing, damaged or of no supported format
    public static RasterSource open(String location) throws RasterException {
        if (HttpFile.isAddress(location)) {
            return openAddress(location);
        }
        try {
            Path file = Path.of(location);
            if (!GdalReader.isName(location) || Files.exists(file)) {
                return open(file);
            }
        } catch (InvalidPathException e) {
            if (!GdalReader.isName(location)) {
                throw new RasterException(location, "is no path of a file (" + e.getReason() + ")", e);
            }
        }
        return GdalReader.find()
                .orElseThrow(
                        () -> new UnsupportedFormatException(location, "is read by GDAL only; " + GdalReader.advice()))
                .open(location);
    }

    /// Opens an image file: GeoTIFF, TIFF, PNG or JPEG, recognised by its content, never by its name, and whatever else
    /// GDAL reads where that is installed. Damaged files of the first kind are not left to GDAL.
    ///
    /// @throws UnsupportedFormatException if reading it takes GDAL, and GDAL is not installed
    /// @throws RasterException if the file is missing, damaged or of no supported format
    public static RasterSource open(Path file) throws RasterException {
        if (Files.notExists(file)) {
            throw new RasterException(file, "does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new RasterException(file, "is a folder; give the image file itself");
        }
        try {
            return openAlone(file, head(file));
        } catch (UnsupportedFormatException e) {
            return openWithGdal(file, e);
        }
    }

    private static RasterSource openAddress(String url) throws RasterException {
        try {
            return openRemoteTiff(HttpFile.open(url));
        } catch (UnsupportedFormatException e) {
            Optional<GdalReader> gdal = GdalReader.find();
            if (gdal.isEmpty()) {
                throw new UnsupportedFormatException(url, e.problem() + "; " + GdalReader.advice(), e);
            }
            return gdal.get().open(url);
        }
    }

    private static RasterSource openRemoteTiff(HttpFile file) throws RasterException {
        try {
            var head = new byte[(int) Math.min(HEAD_BYTES, file.size())];
            file.read(0, head);
            if (!isTiff(new String(head, StandardCharsets.ISO_8859_1))) {
                throw new UnsupportedFormatException(
                        file.url(), "is no TIFF, the only format that TerraChange reads from the web by itself");
            }
        } catch (RasterException | RuntimeException e) {
            file.close();
            throw e;
        }
        return TiffSource.open(file);
    }

    private static boolean isTiff(String head) {
        return head.startsWith("II*\0")
                || head.startsWith("MM\0*")
                || head.startsWith("II+\0")
                || head.startsWith("MM\0+");
    }

    private static RasterSource openAlone(Path file, String head) throws RasterException {
        if (isTiff(head)) {
            return TiffSource.open(file);
        }
        if (head.startsWith("\u0089PNG\r\n\u001a\n") || head.startsWith("\u00ff\u00d8\u00ff")) {
            return PictureSource.open(file);
        }
        refuseTexts(file, head);
        throw new UnsupportedFormatException(file, otherFormat(head));
    }

    private static RasterSource openWithGdal(Path file, UnsupportedFormatException own) throws RasterException {
        Optional<GdalReader> gdal = GdalReader.find();
        if (gdal.isEmpty()) {
            throw new UnsupportedFormatException(file, own.problem() + "; " + GdalReader.advice(), own);
        }
        try {
            return gdal.get().open(file);
        } catch (RasterException e) {
            throw new RasterException(file, own.problem() + ", and " + e.problem(), e);
        }
    }

    /// The first bytes of a file, one character a byte.
    private static String head(Path file) throws RasterException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new RasterException(file, "cannot be read (" + e + ")", e);
        }
    }

    /// What may stand in a file by mistake, with what to do about it.
    private static void refuseTexts(Path file, String head) throws RasterException {
        if (head.isEmpty()) {
            throw new RasterException(file, "is empty");
        }
        if (head.startsWith("version https://")) {
            throw new RasterException(file, "is a Git LFS pointer, not the image itself; fetch it with git lfs pull");
        }
        boolean vrt = file.toString().toLowerCase(Locale.ROOT).endsWith(".vrt");
        if (head.startsWith("<") && !vrt) {
            throw new RasterException(
                    file,
                    head.startsWith("<VRTDataset")
                            ? "is a VRT, which is read only where its name ends in .vrt"
                            : "is a text in XML or HTML, not an image");
        }
    }

    private static String otherFormat(String head) {
        if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
            return "is a WebP file (" + ALONE + ")";
        }
        for (String start : OTHER_FORMATS.keySet()) {
            if (head.startsWith(start)) {
                return "is a " + OTHER_FORMATS.get(start) + " file (" + ALONE + ")";
            }
        }
        return "is of no known image format (" + ALONE + ")";
    }
}
