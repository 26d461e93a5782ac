package org.terrachange.raster.gdal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// GDAL, loaded into this process and set up: it prints nothing, keeps a small cache and gives up on servers that do
/// not answer. Once loaded it stays.
final class GdalLibrary {
    /// Decoded blocks that GDAL keeps between reads, all files together.
    private static final long CACHE_BYTES = 64L << 20;

    private static final int OLDEST = 3_000_000;

    private static final int LONGEST_MESSAGE = 300;

    /// Held while a file is opened, and while one is read whose format is not [GdalDrivers#independent].
    private static final ReentrantLock SHARED = new ReentrantLock();

    private final GdalFunctions functions;
    private final String version;

    private GdalLibrary(GdalFunctions functions, String version) {
        this.functions = functions;
        this.version = version;
    }

    /// Loads a library.
    ///
    /// @param name a path, or a bare name that the system looks up
    /// @throws IllegalArgumentException if it cannot be loaded, is no GDAL or too old a one; the message says which
    static GdalLibrary load(String name) {
        Path path = Path.of(name);
        SymbolLookup symbols = path.getNameCount() > 1
                ? SymbolLookup.libraryLookup(path, Arena.global())
                : SymbolLookup.libraryLookup(name, Arena.global());
        MemorySegment quiet = symbols.find("CPLQuietErrorHandler")
                .orElseThrow(() -> new IllegalArgumentException("it is no library of GDAL"));
        GdalFunctions functions = ForeignFunctions.bind(GdalFunctions.class, symbols);
        try (Arena arena = Arena.ofConfined()) {
            int number = Integer.parseInt(CStrings.text(functions.versionInfo(CStrings.of(arena, "VERSION_NUM")))
                    .orElse("0"));
            String version = CStrings.text(functions.versionInfo(CStrings.of(arena, "RELEASE_NAME")))
                    .orElse("");
            if (number < OLDEST) {
                throw new IllegalArgumentException("it is GDAL " + version + ", and 3.0 or later is needed");
            }
            functions.setErrorHandler(quiet);
            functions.setCacheMax(CACHE_BYTES);
            setDefault(functions, arena, "GDAL_HTTP_CONNECTTIMEOUT", "20");
            setDefault(functions, arena, "GDAL_HTTP_LOW_SPEED_TIME", "30");
            setDefault(functions, arena, "GDAL_HTTP_LOW_SPEED_LIMIT", "1");
            // Otherwise what libjpeg cannot decode becomes gray, with nothing but a warning.
            setDefault(functions, arena, "GDAL_ERROR_ON_LIBJPEG_WARNING", "TRUE");
            // Otherwise two VRT files that name the same image share its handle, which no two threads may use.
            setDefault(functions, arena, "VRT_SHARED_SOURCE", "0");
            functions.registerAllDrivers();
            return new GdalLibrary(functions, version);
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalArgumentException("it is no library of GDAL 3 (" + e.getMessage() + ")", e);
        }
    }

    /// What the person who starts the program has set stays.
    private static void setDefault(GdalFunctions functions, Arena arena, String key, String value) {
        MemorySegment name = CStrings.of(arena, key);
        if (functions.configOption(name, MemorySegment.NULL).address() == 0) {
            functions.setConfigOption(name, CStrings.of(arena, value));
        }
    }

    GdalFunctions functions() {
        return functions;
    }

    /// Its name and release: `GDAL 3.6.2`.
    String reader() {
        return "GDAL " + version;
    }

    /// The lock for everything that must not happen twice at a time in one process.
    static ReentrantLock shared() {
        return SHARED;
    }

    /// Why the last call by this thread failed, in one line, as a remark in brackets or empty; call
    /// [GdalFunctions#resetError] before what may fail.
    String reason() {
        String text = CStrings.text(functions.lastErrorMessage()).orElse("");
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        String line = String.join("; ", lines).replaceAll("\\p{Cntrl}+", " ");
        if (line.length() > LONGEST_MESSAGE) {
            line = line.substring(0, LONGEST_MESSAGE) + "...";
        }
        return line.isEmpty() ? "" : " (" + line + ")";
    }
}
