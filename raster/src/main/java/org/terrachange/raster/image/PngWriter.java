package org.terrachange.raster.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BandedSampleModel;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.SampleType;

/// Writes PNG pictures, whole or not at all.
public final class PngWriter {
    private PngWriter() {}

    /// Writes a block of bytes: one band as gray, two as gray and alpha, three as red, green and blue, four with
    /// alpha.
    /// The samples are not copied.
    ///
    /// @throws IllegalArgumentException if the block is not of 1 to 4 `UINT8` bands
    /// @throws RasterException if the file cannot be written
    public static void write(Path file, PixelBlock pixels) throws RasterException {
        if (pixels.type() != SampleType.UINT8 || pixels.bands() > 4) {
            throw new IllegalArgumentException("a PNG picture has 1 to 4 bands of uint8, not " + pixels.bands() + " of "
                    + pixels.type().label());
        }
        write(file, view(pixels));
    }

    /// Writes a picture.
    ///
    /// @throws RasterException if the file cannot be written
    public static void write(Path file, RenderedImage picture) throws RasterException {
        AtomicFile.write(file, temporary -> {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
            try (FileImageOutputStream out = new FileImageOutputStream(temporary.toFile())) {
                writer.setOutput(out);
                writer.write(picture);
            } catch (IOException e) {
                throw cause(e);
            } finally {
                writer.dispose();
            }
        });
    }

    /// The JDK's writer hides a full disk behind a message of its own.
    private static IOException cause(IOException e) {
        return e.getCause() instanceof IOException inner ? inner : e;
    }

    private static RenderedImage view(PixelBlock pixels) {
        int width = pixels.window().width();
        int height = pixels.window().height();
        int bands = pixels.bands();
        byte[][] samples = new byte[bands][];
        for (int band = 0; band < bands; band++) {
            samples[band] = pixels.bytes(band);
        }
        boolean alpha = bands == 2 || bands == 4;
        WritableRaster raster = Raster.createWritableRaster(
                new BandedSampleModel(DataBuffer.TYPE_BYTE, width, height, bands),
                new DataBufferByte(samples, width * height),
                null);
        ColorSpace colours = ColorSpace.getInstance(bands < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
        ComponentColorModel model = new ComponentColorModel(
                colours, alpha, false, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        return new BufferedImage(model, raster, false, null);
    }
}
