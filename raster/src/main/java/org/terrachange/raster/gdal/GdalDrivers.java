package org.terrachange.raster.gdal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which of GDAL's formats may open what, by the short names of their drivers.
final class GdalDrivers {
    /// Formats whose files hold all their pixels and name no other file.
    private static final List<String> SELF_CONTAINED = List.of(
            "GTiff",
            "PNG",
            "JPEG",
            "JPEGXL",
            "JP2OpenJPEG",
            "JP2KAK",
            "JP2ECW",
            "JP2MrSID",
            "JP2Lura",
            "ECW",
            "MrSID",
            "WEBP",
            "HEIF",
            "AVIF",
            "GIF",
            "BIGGIF",
            "BMP",
            "PNM",
            "SGI",
            "EXR",
            "GRIB",
            "NITF",
            "DTED",
            "SRTMHGT",
            "USGSDEM",
            "AAIGrid",
            "ENVI",
            "GPKG",
            "MBTiles");

    /// Formats that can refer to other files or addresses, by the ending of the name that admits to it.
    private static final Map<String, List<String>> BY_ENDING = Map.ofEntries(
            Map.entry("vrt", List.of("VRT")),
            Map.entry("nc", List.of("netCDF", "HDF5")),
            Map.entry("nc4", List.of("netCDF", "HDF5")),
            Map.entry("hdf", List.of("HDF4", "HDF4Image", "HDF5", "HDF5Image")),
            Map.entry("h4", List.of("HDF4", "HDF4Image")),
            Map.entry("h5", List.of("HDF5", "HDF5Image")),
            Map.entry("he5", List.of("HDF5", "HDF5Image")),
            Map.entry("hdf5", List.of("HDF5", "HDF5Image")),
            Map.entry("kea", List.of("KEA")),
            Map.entry("bag", List.of("BAG")),
            Map.entry("img", List.of("HFA")),
            Map.entry("ers", List.of("ERS")),
            Map.entry("pix", List.of("PCIDSK")));

    /// Formats of which several files may be read at once, each by one thread: their code shares nothing between
    /// files.
    private static final Set<String> INDEPENDENT = Set.of("GTiff", "PNG", "JPEG", "JP2OpenJPEG", "WEBP", "BMP");

    private GdalDrivers() {}

    /// The drivers that may open a file, by the ending of its name.
    static List<String> forFile(String name) {
        var drivers = new ArrayList<>(SELF_CONTAINED);
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        drivers.addAll(BY_ENDING.getOrDefault(ending, List.of()));
        return drivers;
    }

    /// Whether files of this format may be read at the same time as others. Formats built on a library with state of
    /// its own (HDF, netCDF) and those that open further files (VRT) may not.
    static boolean independent(String driver) {
        return INDEPENDENT.contains(driver);
    }
}
