package org.terrachange.detect.product;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.cog.Resampling;

/// The probability of change at every pixel, as a cloud-optimised GeoTIFF.
public final class ProbabilityRaster implements Product {
    /// The value of probability 1 in a [ProbabilityFormat#UINT8] raster.
    public static final int FULL = 254;

    private static final int BYTE_NODATA = 255;
    private static final float FLOAT_NODATA = -1;

    private final CogWriter writer;
    private final ProbabilityFormat format;
    private final int width;

    /// @param origin items of metadata that tell how it came about
    public ProbabilityRaster(
            Path file, Grid grid, ProbabilityFormat format, Compression compression, Map<String, String> origin)
            throws RasterException {
        this.format = format;
        width = grid.width();
        CogOptions options = switch (format) {
            case UINT8 ->
                CogOptions.of(SampleType.UINT8, 1)
                        .withNodata(BYTE_NODATA)
                        .withBandNames("probability of change, 0 to 254 for 0 to 1");
            case FLOAT32 ->
                CogOptions.of(SampleType.FLOAT32, 1).withNodata(FLOAT_NODATA).withBandNames("probability of change");
        };
        writer = CogWriter.create(
                file,
                grid,
                options.withResampling(Resampling.AVERAGE)
                        .withCompression(compression)
                        .withMetadata(origin));
    }

    @Override
    public void rows(int y, int count, float[] probability) throws IOException {
        Window window = new Window(0, y, width, count);
        writer.append(
                switch (format) {
                    case UINT8 -> PixelBlock.ofBytes(window, bytes(probability));
                    case FLOAT32 -> PixelBlock.ofFloats(window, floats(probability));
                });
    }

    private static byte[] bytes(float[] probability) {
        byte[] values = new byte[probability.length];
        for (int i = 0; i < values.length; i++) {
            float p = probability[i];
            values[i] = (byte) (Float.isNaN(p) ? BYTE_NODATA : Math.round(p * FULL));
        }
        return values;
    }

    private static float[] floats(float[] probability) {
        float[] values = probability.clone();
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                values[i] = FLOAT_NODATA;
            }
        }
        return values;
    }

    @Override
    public void commit() throws IOException {
        writer.finish();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
