package org.terrachange.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.terrachange.server.detection.DetectChanges;
import org.terrachange.server.detection.SharedDetector;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.JobStore;
import org.terrachange.server.jobs.Retention;
import org.terrachange.server.storage.DecodeLimit;
import org.terrachange.server.storage.ImageStore;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.storage.SampleScenes;
import org.terrachange.server.storage.ServedFolder;
import org.terrachange.server.storage.Uploads;
import org.terrachange.server.tiles.TileService;
import org.terrachange.server.web.EventLog;

/// What the parts of a running server share.
///
/// @param options as the server was started
/// @param images every image that a request can name
/// @param folders of the jobs
/// @param store of the jobs
/// @param queue of the jobs
/// @param process that the jobs run
/// @param detector that they run it with
/// @param tiles draws their results
/// @param decoding looks at images that strangers sent
/// @param retention throws away what is old
/// @param sampling makes the sample scenes
/// @param log hears what the people who run the server should know
record Services(
        ServerOptions options,
        ImageStore images,
        JobFolders folders,
        JobStore store,
        JobQueue queue,
        DetectChanges process,
        SharedDetector detector,
        TileService tiles,
        DecodeLimit decoding,
        Retention retention,
        Thread sampling,
        EventLog log)
        implements AutoCloseable {
    /// Making a sample scene cannot be cut short.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Opens the folders of a server and takes up the jobs that an earlier one left; they run from [#start] on.
    ///
    /// @throws IOException if a folder cannot be used, or another server uses it
    static Services open(ServerOptions options, EventLog log) throws IOException {
        Path work = Files.createDirectories(options.work());
        ServerOptions.Limits limits = options.limits();
        Optional<ServedFolder> served = options.data().isPresent()
                ? Optional.of(new ServedFolder(options.data().get()))
                : Optional.empty();
        JobStore store = JobStore.open(work.resolve("jobs.db"));
        try {
            DecodeLimit decoding = new DecodeLimit(limits.decodeTime());
            Uploads uploads =
                    new Uploads(work.resolve("uploads"), limits.uploadBytes(), limits.uploadPixels(), decoding);
            SampleScenes samples = new SampleScenes(work.resolve("samples"), options.samples());
            ImageStore images = new ImageStore(uploads, served, samples, limits.uploadPixels());
            JobFolders folders = new JobFolders(work.resolve("jobs"));
            SharedDetector detector = new SharedDetector(options.model(), options.compute());
            DetectChanges process = new DetectChanges(detector, images, folders);
            JobQueue queue = new JobQueue(store, folders, process, limits.queueLength(), log);
            TileService tiles = new TileService();
            queue.whenDiscarded(tiles::forget);
            Retention retention = new Retention(List.of(uploads, queue), limits.keep(), limits.diskBytes(), log);
            Thread sampling =
                    Thread.ofPlatform().daemon().name("samples").unstarted(() -> makeSamples(images.samples(), log));
            return new Services(
                    options, images, folders, store, queue, process, detector, tiles, decoding, retention, sampling,
                    log);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// Starts what goes on beside the requests, once it is certain that there will be any: a port that is taken must
    /// not count as an attempt of a job.
    void start() {
        queue.start();
        retention.start();
        if (options.samples()) {
            sampling.start();
        }
    }

    private static void makeSamples(SampleScenes samples, EventLog log) {
        try {
            samples.make();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            log.say("the sample scenes could not be made: " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        retention.close();
        queue.close();
        sampling.interrupt();
        try {
            if (sampling.isAlive()) {
                sampling.join(PATIENCE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        tiles.close();
        decoding.close();
        detector.close();
        store.close();
    }
}
