package org.terrachange.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.RasterStatistics;
import org.terrachange.raster.Rasters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `terrachange info`: what an image is.
@Command(name = "info", description = "Describes an image: size, bands, number format, georeference and storage.")
final class InfoCommand implements Callable<Integer> {
    private static final int STEPS = 1000;

    @Mixin
    private SharedOptions.Output output;

    @Parameters(
            paramLabel = "IMAGE",
            description = "GeoTIFF, PNG, JPEG or, where GDAL is installed, any image that GDAL reads, remote ones"
                    + " included.")
    private String location;

    @Option(
            names = "--stats",
            description = "Read every pixel and add the minimum, maximum and mean of each band over its valid pixels.")
    private boolean stats;

    /// The JSON document.
    ///
    /// @param affine a, b, c, d, e, f of `x = a * column + b * row + c`, `y = d * column + e * row + f`
    /// @param stats one entry a band; null where they were not asked for
    private record ImageInfo(
            String file,
            String reader,
            String format,
            int width,
            int height,
            int bands,
            String dtype,
            @Nullable String crs,
            @Nullable List<Double> affine,
            @Nullable Double nodata,
            String compression,
            String layout,
            List<Integer> block,
            String interleave,
            int overviews,
            List<String> roles,
            @Nullable List<BandStats> stats) {

        static ImageInfo of(RasterSource source, @Nullable RasterStatistics statistics) {
            Grid grid = source.grid();
            RasterSource.Storage storage = source.storage();
            return new ImageInfo(
                    source.location(),
                    source.reader(),
                    storage.format(),
                    grid.width(),
                    grid.height(),
                    source.bands(),
                    source.type().label(),
                    grid.crs().map(Crs::name).orElse(null),
                    grid.transform().map(ImageInfo::coefficients).orElse(null),
                    source.nodata().isPresent() ? finite(source.nodata().getAsDouble()) : null,
                    storage.compression(),
                    storage.layout(),
                    List.of(storage.blockWidth(), storage.blockHeight()),
                    storage.interleave(),
                    storage.overviews(),
                    IntStream.range(0, source.bands())
                            .mapToObj(band -> source.role(band).name().toLowerCase(Locale.ROOT))
                            .toList(),
                    statistics == null ? null : BandStats.of(statistics));
        }

        private static List<Double> coefficients(Affine t) {
            return List.of(t.a(), t.b(), t.c(), t.d(), t.e(), t.f());
        }

        String text() {
            StringBuilder text = new StringBuilder();
            line(text, "file", file);
            line(text, "reader", reader);
            line(
                    text,
                    "format",
                    format + ", " + compression + ", " + layout + "s of " + block.getFirst() + " x " + block.getLast()
                            + ", " + overviews + " overviews");
            line(text, "size", width + " x " + height + " pixels, " + bands + " bands of " + dtype);
            line(text, "bands", String.join(", ", roles));
            line(text, "crs", crs == null ? "none" : crs);
            line(text, "affine", affine == null ? "none" : affine.toString());
            line(text, "nodata", nodata == null ? "none" : nodata.toString());
            if (stats != null) {
                for (BandStats band : stats) {
                    line(text, "band " + band.band(), band.text());
                }
            }
            return text.toString();
        }

        private static void line(StringBuilder text, String label, String value) {
            text.append(String.format(Locale.ROOT, "%-10s%s%n", label, value));
        }
    }

    /// @param band counted from 1
    /// @param valid number of valid pixels; min, max and mean are null where there is none
    private record BandStats(
            int band,
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double mean,
            long valid) {

        static List<BandStats> of(RasterStatistics statistics) {
            return IntStream.range(0, statistics.bands().size())
                    .mapToObj(i -> {
                        RasterStatistics.Band band = statistics.bands().get(i);
                        return new BandStats(
                                i + 1,
                                finite(band.minimum()),
                                finite(band.maximum()),
                                finite(band.mean()),
                                band.valid());
                    })
                    .toList();
        }

        String text() {
            return "min " + min + ", max " + max + ", mean " + mean + ", " + valid + " valid pixels";
        }
    }

    /// JSON has no NaN and no infinity.
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        ImageInfo info;
        try (RasterSource source = Rasters.open(location);
                Progress progress = console.progress("info")) {
            RasterStatistics statistics =
                    stats ? RasterStatistics.of(source, share -> progress.at(Math.round(share * STEPS), STEPS)) : null;
            info = ImageInfo.of(source, statistics);
        }
        console.result(info, info.text());
        return ExitCode.DONE;
    }
}
