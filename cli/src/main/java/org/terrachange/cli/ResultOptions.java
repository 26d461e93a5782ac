package org.terrachange.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.DetectionRequest;
import picocli.CommandLine.Option;

/// How a scene is detected and what is made of it, as options of a command.
final class ResultOptions {
    @Option(
            names = "--threshold",
            paramLabel = "P",
            description = "Probability from which a pixel counts as changed, between 0 and 1 (default: the model's"
                    + " own).")
    @Nullable
    Double threshold;

    @Option(
            names = "--tile",
            paramLabel = "PX",
            defaultValue = "" + DetectionRequest.DEFAULT_TILE,
            description = "Width and height of the tiles that the network sees, a multiple of 32"
                    + " (default: ${DEFAULT-VALUE}).")
    int tile;

    @Option(
            names = "--overlap",
            paramLabel = "PX",
            defaultValue = "" + DetectionRequest.DEFAULT_OVERLAP,
            description = "Pixels that neighbouring tiles share, at most half a tile (default: ${DEFAULT-VALUE}).")
    int overlap;

    @Option(
            names = "--min-area",
            paramLabel = "M2",
            defaultValue = "0",
            description = "Smallest change that becomes a polygon, in square metres; in pixels for images without"
                    + " georeference (default: ${DEFAULT-VALUE}).")
    double minArea;

    @Option(
            names = "--simplify",
            paramLabel = "DISTANCE",
            defaultValue = "0px",
            description = "How far outlines may leave the pixels' edges, such as 1.5px or 2m; 0px keeps them exact"
                    + " (default: ${DEFAULT-VALUE}).")
    String simplify;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "geojson",
            description = "Files for the polygons, several with commas: geojson, gpkg, fgb, geoparquet (default:"
                    + " ${DEFAULT-VALUE}).")
    List<String> formats;

    @Option(
            names = "--probability",
            paramLabel = "TYPE",
            defaultValue = "uint8",
            description = "Samples of probability.tif: uint8 (0 to 254) or float32 (default: ${DEFAULT-VALUE}).")
    String probability;

    @Option(
            names = "--compress",
            paramLabel = "NAME",
            defaultValue = "deflate",
            description = "Compression of the rasters: deflate, zstd (smaller, needs GDAL 2.3 or later), lzw or none"
                    + " (default: ${DEFAULT-VALUE}).")
    String compression;
}
