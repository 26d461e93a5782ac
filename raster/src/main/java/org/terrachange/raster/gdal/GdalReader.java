package org.terrachange.raster.gdal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.UnsupportedFormatException;

/// Opens images with GDAL, where it is installed.
public final class GdalReader {
    private static final String PROPERTY = "terrachange.gdal";
    private static final String VARIABLE = "TERRACHANGE_GDAL";
    private static final String OFF = "off";

    private static final String INSTALL =
            "install GDAL (Debian and Ubuntu: the package gdal-bin; macOS: brew install gdal; Windows: OSGeo4W), or"
                    + " rewrite it elsewhere with gdal_translate";

    /// What came of looking for the library, by the setting that named it.
    private static final Map<String, Search> SEARCHES = new ConcurrentHashMap<>();

    private final GdalLibrary library;

    private GdalReader(GdalLibrary library) {
        this.library = library;
    }

    private record Search(Optional<GdalLibrary> library, String advice) {}

    /// GDAL, where it is installed and not hidden.
    public static Optional<GdalReader> find() {
        return search().library().map(GdalReader::new);
    }

    /// What to do about an image that needs GDAL where [#find] finds none: half a sentence.
    public static String advice() {
        return search().advice();
    }

    /// Whether a location is a name in GDAL's notation or an address, and no path of a file.
    public static boolean isName(String location) {
        return GdalName.of(location).isPresent();
    }

    private static Search search() {
        String variable = Objects.requireNonNullElse(System.getenv(VARIABLE), "");
        return SEARCHES.computeIfAbsent(System.getProperty(PROPERTY, variable).strip(), GdalReader::search);
    }

    private static Search search(String setting) {
        if (setting.equals(OFF)) {
            return new Search(Optional.empty(), "GDAL could, but is switched off by " + PROPERTY + " or " + VARIABLE);
        }
        var failures = new ArrayList<String>();
        for (String candidate : setting.isEmpty() ? LibrarySearch.candidates() : List.of(setting)) {
            try {
                return new Search(Optional.of(GdalLibrary.load(candidate)), "");
            } catch (IllegalArgumentException e) {
                failures.add(candidate + " cannot be used: " + e.getMessage());
            }
        }
        return new Search(
                Optional.empty(),
                setting.isEmpty()
                        ? INSTALL
                        : "GDAL could, but " + failures.getFirst() + " (see " + PROPERTY + " and " + VARIABLE + ")");
    }

    /// Opens a file on this machine, by the rules that [the package][org.terrachange.raster.gdal] states.
    ///
    /// @throws RasterException if GDAL cannot read it
    public RasterSource open(Path file) throws RasterException {
        // An absolute path cannot be taken for a name with a prefix.
        return GdalSource.open(
                library, file.toString(), GdalName.file(file.toAbsolutePath().toString()));
    }

    /// Opens what a name in GDAL's notation or an address stands for.
    ///
    /// @param location one that [#isName] accepts
    /// @throws RasterException if GDAL cannot read it
    public RasterSource open(String location) throws RasterException {
        GdalName name = GdalName.of(location)
                .orElseThrow(() -> new UnsupportedFormatException(location, "is no name that GDAL understands"));
        return GdalSource.open(library, location, name);
    }
}
