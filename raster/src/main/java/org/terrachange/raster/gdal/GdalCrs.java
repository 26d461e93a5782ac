package org.terrachange.raster.gdal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.Crs;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.tiff.TiffSource;

/// The coordinate reference system of a data set, in the terms of GeoTIFF: GDAL writes it into a file of one pixel,
/// and that is read back. So a CRS means the same here whoever read it, and results can be written with it.
final class GdalCrs {
    private static final int BYTE = 1;

    private GdalCrs() {}

    /// @throws RasterException if the CRS cannot be described in a GeoTIFF
    static Optional<Crs> of(GdalDataset dataset) throws RasterException {
        try {
            Path file = Files.createTempFile("crs", ".tif");
            try {
                boolean written = dataset.use((gdal, handle, arena) -> {
                    MemorySegment reference = gdal.spatialReference(handle);
                    if (reference.address() == 0) {
                        return false;
                    }
                    if (!write(gdal, reference, file, arena)) {
                        throw dataset.error("has a coordinate reference system that no GeoTIFF can hold"
                                + dataset.library().reason()
                                + "; assign one, for example with gdal_translate -a_srs");
                    }
                    return true;
                });
                if (!written) {
                    return Optional.empty();
                }
                try (RasterSource source = TiffSource.open(file)) {
                    return source.grid().crs();
                }
            } finally {
                Files.delete(file);
            }
        } catch (RasterException e) {
            throw e;
        } catch (IOException e) {
            throw new RasterException(
                    dataset.location(), "needs a temporary file to read its CRS, which fails (" + e + ")", e);
        }
    }

    private static boolean write(GdalFunctions gdal, MemorySegment reference, Path file, Arena arena) {
        // The profile keeps what GeoTIFF has no words for out of a file beside this one.
        MemorySegment options = CStrings.of(arena, List.of("PROFILE=GeoTIFF"));
        MemorySegment tiff = gdal.driverByName(CStrings.of(arena, "GTiff"));
        MemorySegment created = gdal.create(tiff, CStrings.of(arena, file.toString()), 1, 1, 1, BYTE, options);
        if (created.address() == 0) {
            return false;
        }
        boolean set = gdal.setSpatialReference(created, reference) == 0;
        gdal.close(created);
        return set;
    }
}
