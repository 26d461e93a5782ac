package org.terrachange.server.detection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.terrachange.server.jobs.Job;
import org.terrachange.server.storage.ImageContent;
import org.terrachange.server.storage.ImageRef;
import org.terrachange.server.storage.ImageStore;
import org.terrachange.server.storage.JobFolder;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.storage.StoredImage;
import org.terrachange.server.web.Json;

/// The two images of a job, as long as the job exists: an upload is shared with the job by a link, so that it may
/// be deleted; images of the served folder stay where they are.
///
/// @param job whose images they are
/// @param inputs what was asked for
/// @param folder of the job
/// @param images where those are that stay in their place
public record JobScene(Job job, DetectInputs.Checked inputs, JobFolder folder, ImageStore images) {

    /// The scene of a job.
    public static JobScene of(Job job, JobFolders folders, ImageStore images) {
        return new JobScene(
                job, Json.MAPPER.readValue(job.inputs(), DetectInputs.class).checked(), folders.of(job.id()), images);
    }

    /// Takes hold of the images before the job is queued.
    ///
    /// @throws org.terrachange.server.web.Refusal with 422 if one does not exist
    void hold() throws IOException {
        hold(inputs.before(), "before");
        hold(inputs.after(), "after");
    }

    private void hold(ImageRef ref, String moment) throws IOException {
        StoredImage image = images.get(ref);
        switch (ref) {
            case ImageRef.Upload _ -> {
                Path kept =
                        folder.inputs().resolve(moment + "." + image.content().extension());
                Files.createDirectories(folder.inputs());
                try {
                    Files.createLink(kept, image.file());
                } catch (IOException | UnsupportedOperationException _) {
                    // A file system without links.
                    Files.copy(image.file(), kept);
                }
                Files.writeString(folder.inputs().resolve(moment + ".name"), image.name());
            }
            case ImageRef.Data _, ImageRef.Sample _ -> {
                // Stays where it is.
            }
        }
    }

    /// The earlier image.
    ///
    /// @throws org.terrachange.server.web.Refusal with 422 if it is gone
    public StoredImage before() throws IOException {
        return image(inputs.before(), "before");
    }

    /// The later image.
    ///
    /// @throws org.terrachange.server.web.Refusal with 422 if it is gone
    public StoredImage after() throws IOException {
        return image(inputs.after(), "after");
    }

    private StoredImage image(ImageRef ref, String moment) throws IOException {
        Path name = folder.inputs().resolve(moment + ".name");
        if (Files.exists(name)) {
            for (ImageContent content : ImageContent.values()) {
                Path file = folder.inputs().resolve(moment + "." + content.extension());
                if (Files.exists(file)) {
                    return new StoredImage(ref, file, Files.readString(name), content);
                }
            }
        }
        return images.get(ref);
    }

    /// Where the scene really changed, for sample scenes: a mask on the grid of both dates, not 0 where it did.
    public Optional<Path> truth() {
        return inputs.before() instanceof ImageRef.Sample before
                        && inputs.after() instanceof ImageRef.Sample after
                        && before.scene().equals(after.scene())
                        && before.moment().equals("before")
                        && after.moment().equals("after")
                ? images.samples().truth(before.scene())
                : Optional.empty();
    }
}
