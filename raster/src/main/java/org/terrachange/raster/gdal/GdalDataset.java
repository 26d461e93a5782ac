package org.terrachange.raster.gdal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.terrachange.raster.RasterException;

/// An open data set of GDAL and the rule that one thread at a time uses it.
final class GdalDataset implements AutoCloseable {
    private static final int READ_ONLY_RASTER = 0x02;
    private static final int TELL_ERRORS = 0x40;
    private static final int MOST_NAMES = 20;

    private final GdalLibrary library;
    private final String location;
    private final MemorySegment handle;
    private final String driver;
    private final ReentrantLock lock;

    /// Guarded by the lock.
    private boolean closed;

    private GdalDataset(GdalLibrary library, String location, MemorySegment handle, String driver) {
        this.library = library;
        this.location = location;
        this.handle = handle;
        this.driver = driver;
        this.lock = GdalDrivers.independent(driver) ? new ReentrantLock() : GdalLibrary.shared();
    }

    /// Opens a data set for reading.
    ///
    /// @param location for messages
    /// @throws RasterException if GDAL cannot
    static GdalDataset open(GdalLibrary library, String location, GdalName name) throws RasterException {
        GdalFunctions gdal = library.functions();
        GdalLibrary.shared().lock();
        try (Arena arena = Arena.ofConfined()) {
            gdal.resetError();
            MemorySegment handle = gdal.open(
                    CStrings.of(arena, name.text()),
                    READ_ONLY_RASTER | TELL_ERRORS,
                    name.drivers().isEmpty() ? MemorySegment.NULL : CStrings.of(arena, name.drivers()),
                    MemorySegment.NULL,
                    MemorySegment.NULL);
            if (handle.address() == 0) {
                throw new RasterException(location, "cannot be opened by " + library.reader() + library.reason());
            }
            String driver = CStrings.text(gdal.driverName(gdal.driver(handle))).orElse("");
            return new GdalDataset(library, location, handle, driver);
        } catch (IllegalArgumentException e) {
            throw new RasterException(location, "is no name of a data set (" + e.getMessage() + ")", e);
        } finally {
            GdalLibrary.shared().unlock();
        }
    }

    GdalLibrary library() {
        return library;
    }

    String location() {
        return location;
    }

    /// The short name of the format, such as `JP2OpenJPEG`.
    String driver() {
        return driver;
    }

    /// What is done with an open data set.
    @FunctionalInterface
    interface Work<T> {

        /// @param arena for arguments; everything in it is released after the work
        T with(GdalFunctions gdal, MemorySegment dataset, Arena arena) throws RasterException;
    }

    /// Does something with the data set while no other thread uses it.
    ///
    /// @throws RasterException if it has been closed
    <T> T use(Work<T> work) throws RasterException {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            if (closed) {
                throw error("has been closed and cannot be read any more");
            }
            library.functions().resetError();
            return work.with(library.functions(), handle, arena);
        } finally {
            lock.unlock();
        }
    }

    /// The names of the images inside a container that is no image itself.
    List<String> subdatasets() throws RasterException {
        return use((gdal, dataset, arena) ->
                CStrings.texts(gdal.metadata(dataset, CStrings.of(arena, "SUBDATASETS")), MOST_NAMES).stream()
                        .filter(entry -> entry.contains("_NAME="))
                        .map(entry -> entry.substring(entry.indexOf('=') + 1))
                        .toList());
    }

    /// An error that names this data set.
    RasterException error(String problem) {
        return new RasterException(location, problem);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                library.functions().close(handle);
            }
        } finally {
            lock.unlock();
        }
    }
}
