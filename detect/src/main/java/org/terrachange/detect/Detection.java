package org.terrachange.detect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.terrachange.detect.band.BandReader;
import org.terrachange.detect.band.BandWriter;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.product.TileSums;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.detect.scene.SceneScanner;
import org.terrachange.detect.scene.TileRows;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;

/// Detects change over a pair of scenes and leaves behind `probability.tif`, `mask.tif`, `changes.*`,
/// `overlay.png` with its world file, `report.html` and `summary.json`.
///
/// No file appears before the whole scene is done: a run that fails or is cancelled leaves the folder as it was.
///
/// A scene can also be detected in parts, in any order, by several processes: [#band] for each band of its rows of
/// tiles, then [#finish] once. The files are the same, to the last byte, but for the seconds that they name.
public final class Detection {
    private Detection() {}

    /// Hears how far a detection is.
    @FunctionalInterface
    public interface Progress {
        void tiles(long done, long total);
    }

    /// Runs a detection from start to end.
    ///
    /// @throws RasterException if an image cannot be read or a result cannot be written
    /// @throws org.terrachange.raster.warp.MisfitException if the images have no common grid
    /// @throws InterruptedException if the calling thread is interrupted
    public static DetectionSummary run(ChangeDetector detector, DetectionRequest request, Progress progress)
            throws IOException, InterruptedException {
        try (ScenePair pair = ScenePair.open(request.scene(), detector.card().gsdRange())) {
            return run(pair, detector, request, progress);
        }
    }

    /// Runs a detection over two images that are open already, under the names that results shall give them.
    ///
    /// @param before closed in the end, whatever happens
    /// @param after the same
    /// @param request its names of images count for nothing
    /// @throws RasterException as [#run(ChangeDetector, DetectionRequest, Progress)]
    /// @throws org.terrachange.raster.warp.MisfitException if the images have no common grid
    /// @throws InterruptedException if the calling thread is interrupted
    public static DetectionSummary run(
            RasterSource before,
            RasterSource after,
            ChangeDetector detector,
            DetectionRequest request,
            Progress progress)
            throws IOException, InterruptedException {
        try (ScenePair pair = ScenePair.between(
                before, after, request.scene(), detector.card().gsdRange())) {
            return run(pair, detector, request, progress);
        }
    }

    /// Runs a detection over a pair that has been brought together as the request says.
    ///
    /// @param pair left open
    /// @param request its scene counts for nothing
    /// @throws RasterException as [#run(ChangeDetector, DetectionRequest, Progress)]
    /// @throws InterruptedException if the calling thread is interrupted
    public static DetectionSummary run(
            ScenePair pair, ChangeDetector detector, DetectionRequest request, Progress progress)
            throws IOException, InterruptedException {
        SceneScanner scanner = scanner(pair, detector, request);
        return results(pair, detector, request, (rows, tiles) -> {
            scanner.scan(tiles::show, rows, done -> progress.tiles(done, scanner.tiles()));
            return 0;
        });
    }

    /// How many rows of tiles the scene has, of which bands are made.
    public static int tileRows(ScenePair pair, ChangeDetector detector, DetectionRequest request) {
        return scanner(pair, detector, request).tileRows();
    }

    /// Detects a part of a scene and keeps it for [#finish].
    ///
    /// @param pair left open
    /// @param request as for the whole; its folder counts for nothing
    /// @param rows of tiles, within [#tileRows]
    /// @param file to write; appears when it is whole
    /// @throws RasterException if an image cannot be read or the file cannot be written
    /// @throws InterruptedException if the calling thread is interrupted
    public static void band(
            ScenePair pair,
            ChangeDetector detector,
            DetectionRequest request,
            TileRows rows,
            Path file,
            Progress progress)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        SceneScanner scanner = scanner(pair, detector, request);
        int y = scanner.start(rows.from());
        int reach = Math.min(pair.grid().height(), scanner.start(rows.to() - 1) + request.tile());
        TileSums tiles = TileSums.of(pair.grid(), y, reach);
        try (BandWriter band = new BandWriter(file, pair.grid().width(), y)) {
            scanner.scan(rows, tiles::show, band, done -> progress.tiles(done, scanner.tiles(rows)));
            band.commit((System.nanoTime() - start) / 1e9, tiles);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Makes of all bands of a scene what a detection leaves behind.
    ///
    /// @param pair left open
    /// @param detector that made the bands
    /// @param request as for the bands
    /// @param bands their files from top to bottom, without gaps
    /// @throws RasterException if a band is missing or damaged, or a result cannot be written
    /// @throws InterruptedException if the calling thread is interrupted
    public static DetectionSummary finish(
            ScenePair pair, ChangeDetector detector, DetectionRequest request, List<Path> bands)
            throws IOException, InterruptedException {
        int width = pair.grid().width();
        int height = pair.grid().height();
        return results(pair, detector, request, (rows, tiles) -> {
            int next = 0;
            double seconds = 0;
            for (Path band : bands) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                BandReader.Content content = new BandReader(band, width, height).read(next, rows, tiles);
                next = content.end();
                seconds += content.seconds();
            }
            if (next != height) {
                throw new RasterException(
                        request.folder(), "its bands end at row " + next + ", but the scene has " + height);
            }
            return seconds;
        });
    }

    private static SceneScanner scanner(ScenePair pair, ChangeDetector detector, DetectionRequest request) {
        return new SceneScanner(pair, detector, request.tile(), request.overlap());
    }

    private static DetectionSummary results(
            ScenePair pair, ChangeDetector detector, DetectionRequest request, SceneRows scene)
            throws IOException, InterruptedException {
        try {
            return new DetectionResults(pair, detector, request).write(scene);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
