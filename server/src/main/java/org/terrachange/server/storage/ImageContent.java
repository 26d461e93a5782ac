package org.terrachange.server.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.image.PictureSource;
import org.terrachange.raster.tiff.TiffSource;

/// What the server takes for an image, told by the first bytes of a file and never by its name.
///
/// These are the formats that TerraChange reads by itself. Others would go to GDAL, some of whose formats open
/// further files by names that stand in the first: a door that stays shut here.
public enum ImageContent {
    TIFF("tif", "image/tiff"),
    PNG("png", "image/png"),
    JPEG("jpg", "image/jpeg");

    private static final int HEAD_BYTES = 8;

    private final String extension;
    private final String mediaType;

    ImageContent(String extension, String mediaType) {
        this.extension = extension;
        this.mediaType = mediaType;
    }

    /// The ending that files of this kind get here.
    public String extension() {
        return extension;
    }

    public String mediaType() {
        return mediaType;
    }

    /// What a file holds, if it is one of these.
    public static Optional<ImageContent> of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(HEAD_BYTES));
        }
    }

    /// What a file that starts like this holds, if it is one of these.
    static Optional<ImageContent> of(byte[] bytes) {
        String head = new String(bytes, StandardCharsets.ISO_8859_1);
        if (head.startsWith("II*\0")
                || head.startsWith("MM\0*")
                || head.startsWith("II+\0")
                || head.startsWith("MM\0+")) {
            return Optional.of(TIFF);
        }
        if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PNG);
        }
        return head.startsWith("\u00ff\u00d8\u00ff") ? Optional.of(JPEG) : Optional.empty();
    }

    /// Opens a file of this kind with TerraChange's own reader.
    ///
    /// @throws RasterException if it is damaged, or written in a way that only GDAL reads
    RasterSource open(Path file) throws RasterException {
        return switch (this) {
            case TIFF -> TiffSource.open(file);
            case PNG, JPEG -> PictureSource.open(file);
        };
    }
}
