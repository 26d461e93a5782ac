package org.terrachange.server.storage;

import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.raster.Grid;
import org.terrachange.raster.Palette;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

/// An image under the name that its owner knows: neither results nor messages tell where on the server it lies.
record NamedSource(RasterSource source, String location) implements RasterSource {

    /// An error with the name that may be shown.
    static RasterException named(String name, RasterException e) {
        return new RasterException(name, e.problem(), e);
    }

    @Override
    public String reader() {
        return source.reader();
    }

    @Override
    public Grid grid() {
        return source.grid();
    }

    @Override
    public Storage storage() {
        return source.storage();
    }

    @Override
    public int bands() {
        return source.bands();
    }

    @Override
    public SampleType type() {
        return source.type();
    }

    @Override
    public BandRole role(int band) {
        return source.role(band);
    }

    @Override
    public OptionalDouble nodata() {
        return source.nodata();
    }

    @Override
    public Optional<Palette> palette() {
        return source.palette();
    }

    @Override
    public Optional<RasterSource> mask() {
        return source.mask().map(mask -> new NamedSource(mask, location));
    }

    @Override
    public RasterSource overview(double factor) throws RasterException {
        try {
            RasterSource reduced = source.overview(factor);
            return reduced.equals(source) ? this : new NamedSource(reduced, location);
        } catch (RasterException e) {
            throw named(location, e);
        }
    }

    @Override
    public PixelBlock read(Window window, int... bands) throws RasterException {
        try {
            return source.read(window, bands);
        } catch (RasterException e) {
            throw named(location, e);
        }
    }

    @Override
    public void close() throws RasterException {
        source.close();
    }
}
