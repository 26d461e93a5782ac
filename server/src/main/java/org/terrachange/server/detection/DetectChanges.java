package org.terrachange.server.detection;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.List;
import org.terrachange.detect.Detection;
import org.terrachange.detect.DetectionRequest;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.vector.VectorFormat;
import org.terrachange.raster.warp.MisfitException;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.jobs.JobFailure;
import org.terrachange.server.jobs.JobQueue;
import org.terrachange.server.jobs.JobWork;
import org.terrachange.server.jobs.QueueFullException;
import org.terrachange.server.storage.FolderTree;
import org.terrachange.server.storage.ImageStore;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.storage.StoredId;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;

/// The process `detect-changes`: two images in, the products of [Detection] out.
public final class DetectChanges implements JobWork {
    /// The name of the process.
    public static final String ID = "detect-changes";

    /// Smaller than the command's: progress and cancelling come by the tile.
    private static final int TILE = 512;

    private static final int OVERLAP = 128;

    private final SharedDetector detector;
    private final ImageStore images;
    private final JobFolders folders;

    public DetectChanges(SharedDetector detector, ImageStore images, JobFolders folders) {
        this.detector = detector;
        this.images = images;
        this.folders = folders;
    }

    /// Checks what was asked for and queues it.
    ///
    /// @throws Refusal with 400 or 422 if it cannot be done
    /// @throws QueueFullException if too many jobs wait
    public Job submit(DetectInputs inputs, JobQueue queue) throws IOException, QueueFullException {
        queue.requireRoom();
        DetectInputs.Checked checked = inputs.checked();
        String title = checked.title().isPresent()
                ? checked.title().get()
                : images.get(checked.before()).name() + " → "
                        + images.get(checked.after()).name();
        String id = StoredId.next();
        Job job = Job.asked(id, ID, title, Json.MAPPER.writeValueAsString(inputs), Instant.now());
        boolean queued = false;
        try {
            JobScene.of(job, folders, images).hold();
            Job taken = queue.submit(job);
            queued = true;
            return taken;
        } finally {
            if (!queued) {
                FolderTree.delete(folders.of(id).root());
            }
        }
    }

    @Override
    public void run(Job job, Progress progress) throws JobFailure, IOException, InterruptedException {
        JobScene scene = JobScene.of(job, folders, images);
        try {
            progress.steps(0, 1, "loads the model");
            detector.use(network -> {
                progress.steps(0, 1, "brings the images together");
                OpenPair pair = OpenPair.of(
                        scene.before(), scene.after(), network.card().gsdRange(), images.mostPixels());
                return Detection.run(
                        pair.before(),
                        pair.after(),
                        network,
                        request(scene),
                        (done, total) -> progress.steps(done, total, "looks at tile " + done + " of " + total));
            });
        } catch (Refusal e) {
            throw new JobFailure(e.detail(), e);
        } catch (IllegalArgumentException e) {
            // Values that only the images show to be of no use, such as metres for a picture without a place.
            throw new JobFailure(String.valueOf(e.getMessage()), e);
        } catch (RasterException | MisfitException | CrsException | CheckpointException e) {
            requireNotInterrupted(e);
            throw new JobFailure(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            requireNotInterrupted(e);
            throw e;
        }
    }

    /// Reading a file while the thread is interrupted closes the file, which then looks like damage.
    private static void requireNotInterrupted(Exception failure) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        for (Throwable e = failure; e != null; e = e.getCause()) {
            interrupted |= e instanceof ClosedByInterruptException || e instanceof InterruptedException;
        }
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    private static DetectionRequest request(JobScene scene) {
        DetectInputs.Checked inputs = scene.inputs();
        return new DetectionRequest(
                SceneRequest.of("before", "after"),
                inputs.dates(),
                scene.folder().results(),
                inputs.threshold(),
                TILE,
                OVERLAP,
                inputs.minArea(),
                inputs.simplify(),
                List.of(VectorFormat.parse("geojson"), VectorFormat.parse("gpkg")),
                ProbabilityFormat.UINT8,
                Compression.DEFLATE);
    }
}
