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
import org.terrachange.raster.cog.ColourTable;
import org.terrachange.raster.cog.Compression;

/// Changed or not, as a cloud-optimised GeoTIFF: 1 where the probability reaches the threshold, 0 where it does
/// not, 255
/// where a pixel is missing in either date. A colour table shows changes in red.
public final class MaskRaster implements Product {
    private static final int NODATA = 255;

    private final CogWriter writer;
    private final float threshold;
    private final int width;

    /// @param origin items of metadata that tell how it came about
    public MaskRaster(Path file, Grid grid, double threshold, Compression compression, Map<String, String> origin)
            throws RasterException {
        this.threshold = (float) threshold;
        width = grid.width();
        writer = CogWriter.create(
                file,
                grid,
                CogOptions.of(SampleType.UINT8, 1)
                        .withNodata(NODATA)
                        .withBandNames("change: 1 yes, 0 no")
                        .withCompression(compression)
                        .withMetadata(origin)
                        .withColourTable(new ColourTable(Map.of(0, 0x202020, 1, 0xE6283C))));
    }

    @Override
    public void rows(int y, int count, float[] probability) throws IOException {
        byte[] values = new byte[probability.length];
        for (int i = 0; i < values.length; i++) {
            float p = probability[i];
            values[i] = (byte) (Float.isNaN(p) ? NODATA : p >= threshold ? 1 : 0);
        }
        writer.append(PixelBlock.ofBytes(new Window(0, y, width, count), values));
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
