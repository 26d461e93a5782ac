package org.terrachange.spark.detection;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.detect.Detection;
import org.terrachange.detect.DetectionRequest;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.report.DetectionSummary;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.detect.scene.TileRows;
import org.terrachange.raster.AtomicFile;
import org.terrachange.raster.RasterSource;
import org.terrachange.search.archive.ArchiveImages;
import org.terrachange.search.archive.EntryEmbedder;
import org.terrachange.spark.fleet.FileTrees;
import org.terrachange.spark.fleet.LoadedModels;
import org.terrachange.spark.input.DetectorSource;
import org.terrachange.spark.output.Attempt;
import org.terrachange.spark.output.Failures;
import org.terrachange.spark.output.OutputFolder;
import org.terrachange.spark.output.PairFolders;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The work on single pairs and bands, as a worker does it.
///
/// @param root folder of the run
/// @param settings for all pairs
/// @param detector for all pairs
/// @param bandRows most rows of tiles that one task detects
record PairDetection(String root, DetectSettings settings, DetectorSource detector, int bandRows)
        implements Serializable {
    /// Beside the files of a detection: what they were made of, and the row of the table.
    private static final String RECORD = "batch.json";

    private static final int STAMP_DIGITS = 12;

    /// @param stamp of inputs and settings
    private record Finished(String stamp, Found found) {}

    /// Detects a pair whose scene fits one task; of a larger one, says how large it is.
    PairTask.Looked look(PairTask task) throws InterruptedException {
        return Failures.answered(
                () -> {
                    PairEntry entry = task.pair().entry();
                    String stamp = stamp(entry);
                    Optional<Found> before = finished(folder(task), stamp);
                    if (before.isPresent()) {
                        return new PairTask.Looked(
                                task, new PairResult(task.pair(), task.folder(), before.get(), null, true), 0);
                    }
                    // Said again when results are put in place; here it saves the work.
                    Attempt.requireReplaceable(folder(task), RECORD);
                    return LoadedModels.use(detector, network -> {
                        DetectionRequest request = settings.request(entry, Path.of(root));
                        try (ScenePair scene = open(request, network)) {
                            int tileRows = Detection.tileRows(scene, network, request);
                            return tileRows > bandRows
                                    ? new PairTask.Looked(task, null, tileRows)
                                    : new PairTask.Looked(task, detected(task, stamp, scene, network), tileRows);
                        }
                    });
                },
                error -> new PairTask.Looked(task, PairResult.failed(task, error), 0));
    }

    private PairResult detected(PairTask task, String stamp, ScenePair scene, ChangeDetector network)
            throws IOException, InterruptedException {
        try (Attempt attempt = new Attempt(Path.of(root), RECORD)) {
            DetectionSummary summary = Detection.run(
                    scene, network, settings.request(task.pair().entry(), attempt.folder()), (_, _) -> {});
            return placed(task, stamp, attempt, Found.of(summary, scene));
        }
    }

    /// Detects a band of a large scene, unless an earlier attempt did.
    PairTask.BandDone detectBand(PairTask.Band band) throws InterruptedException {
        return Failures.answered(
                () -> {
                    PairEntry entry = band.task().pair().entry();
                    String stamp = stamp(entry);
                    Path file = bandFile(band.task(), stamp, band.rows());
                    if (!Files.exists(file)) {
                        Files.createDirectories(bandFolder(band.task(), stamp));
                        LoadedModels.use(detector, network -> {
                            DetectionRequest request = settings.request(entry, Path.of(root));
                            try (ScenePair scene = open(request, network)) {
                                Detection.band(scene, network, request, band.rows(), file, (_, _) -> {});
                            }
                            return true;
                        });
                    }
                    return new PairTask.BandDone(band, null);
                },
                error -> new PairTask.BandDone(band, error));
    }

    /// Makes the files of a large scene of its bands.
    PairResult finish(PairTask.Looked looked) throws InterruptedException {
        PairTask task = looked.task();
        return Failures.answered(
                () -> {
                    PairEntry entry = task.pair().entry();
                    String stamp = stamp(entry);
                    // Where an attempt before this one ended its work and then died, the bands are gone already.
                    Optional<Found> before = finished(folder(task), stamp);
                    if (before.isPresent()) {
                        return new PairResult(task.pair(), task.folder(), before.get(), null, false);
                    }
                    List<Path> files = new ArrayList<>();
                    for (TileRows rows : bands(looked.tileRows())) {
                        files.add(bandFile(task, stamp, rows));
                    }
                    return LoadedModels.use(detector, network -> {
                        try (Attempt attempt = new Attempt(Path.of(root), RECORD)) {
                            DetectionRequest request = settings.request(entry, attempt.folder());
                            try (ScenePair scene = open(request, network)) {
                                DetectionSummary summary = Detection.finish(scene, network, request, files);
                                PairResult result = placed(task, stamp, attempt, Found.of(summary, scene));
                                FileTrees.delete(bandFolder(task, stamp));
                                return result;
                            }
                        }
                    });
                },
                error -> PairResult.failed(task, error));
    }

    /// How a large scene is divided among tasks.
    List<TileRows> bands(int tileRows) {
        List<TileRows> bands = new ArrayList<>();
        int count = Math.ceilDiv(tileRows, bandRows);
        for (int band = 0; band < count; band++) {
            bands.add(
                    new TileRows((int) ((long) tileRows * band / count), (int) ((long) tileRows * (band + 1) / count)));
        }
        return bands;
    }

    private Path folder(PairTask task) {
        return Path.of(root).resolve(task.folder());
    }

    /// A name that depends on inputs and settings alone: repeated attempts mean the same folder, other settings
    /// another one.
    private Path bandFolder(PairTask task, String stamp) {
        return OutputFolder.work(Path.of(root)).resolve(task.folder() + "-" + stamp.substring(0, STAMP_DIGITS));
    }

    private Path bandFile(PairTask task, String stamp, TileRows rows) {
        return bandFolder(task, stamp).resolve(String.format(Locale.ROOT, "band-%05d-%05d", rows.from(), rows.to()));
    }

    /// SHA-256 of all that the files depend on.
    private String stamp(PairEntry entry) throws IOException {
        return PairFolders.digest(
                String.join("\n", EntryEmbedder.stampOf(entry), settings.toString(), area(), detector.stamp()));
    }

    /// The settings name the file of the area of interest; what counts is what is in it.
    private String area() throws IOException {
        String file = settings.areaOfInterest();
        return file == null ? "" : HexFormat.of().formatHex(Files.readAllBytes(Path.of(file)));
    }

    private static ScenePair open(DetectionRequest request, ChangeDetector network) throws IOException {
        RasterSource before = ArchiveImages.image(request.scene().before());
        RasterSource after;
        try {
            after = ArchiveImages.image(request.scene().after());
        } catch (IOException | RuntimeException e) {
            before.close();
            throw e;
        }
        return ScenePair.between(before, after, request.scene(), network.card().gsdRange());
    }

    private PairResult placed(PairTask task, String stamp, Attempt attempt, Found found) throws IOException {
        AtomicFile.write(
                attempt.folder().resolve(RECORD),
                file -> Files.writeString(file, JsonMapper.shared().writeValueAsString(new Finished(stamp, found))));
        attempt.place(folder(task), target -> finished(target, stamp).isPresent());
        return new PairResult(task.pair(), task.folder(), found, null, false);
    }

    private static Optional<Found> finished(Path folder, String stamp) throws IOException {
        Path file = folder.resolve(RECORD);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Finished finished = JsonMapper.shared().readValue(Files.readString(file), Finished.class);
            return stamp.equals(finished.stamp()) ? Optional.of(finished.found()) : Optional.empty();
        } catch (JacksonException _) {
            // Written by another version or by hand: the pair is done again.
            return Optional.empty();
        }
    }
}
