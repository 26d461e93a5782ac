package org.terrachange.data.retrieval;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

/// An image of an HDF5 file of captioned pairs as a raster: 8-bit red, green and blue on no ground.
///
/// @param location its [SampleAddress]
/// @param image its pixels
public record StoredImage(String location, RgbImage image) implements RasterSource {
    private static final List<BandRole> ROLES = List.of(BandRole.RED, BandRole.GREEN, BandRole.BLUE);

    @Override
    public String reader() {
        return Rasters.OWN_READER;
    }

    @Override
    public Grid grid() {
        return Grid.plain(image.width(), image.height());
    }

    @Override
    public Storage storage() {
        return new Storage("HDF5", "DEFLATE", "tile", image.width(), image.height(), "pixel", 0);
    }

    @Override
    public int bands() {
        return ROLES.size();
    }

    @Override
    public SampleType type() {
        return SampleType.UINT8;
    }

    @Override
    public BandRole role(int band) {
        return ROLES.get(band);
    }

    @Override
    public OptionalDouble nodata() {
        return OptionalDouble.empty();
    }

    @Override
    public PixelBlock read(Window window, int... bands) {
        byte[][] planes = Arrays.stream(RasterSource.checkedBands(this, window, bands))
                .mapToObj(band -> plane(window, band))
                .toArray(byte[][]::new);
        return PixelBlock.ofBytes(window, planes);
    }

    private byte[] plane(Window window, int band) {
        byte[] plane = new byte[Math.toIntExact(window.area())];
        int start = band * image.width() * image.height();
        for (int row = 0; row < window.height(); row++) {
            System.arraycopy(
                    image.planes(),
                    start + (window.y() + row) * image.width() + window.x(),
                    plane,
                    row * window.width(),
                    window.width());
        }
        return plane;
    }

    @Override
    public void close() {}
}
