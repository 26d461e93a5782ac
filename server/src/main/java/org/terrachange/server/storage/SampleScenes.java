package org.terrachange.server.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.terrachange.data.synthetic.Scene;
import org.terrachange.data.synthetic.SceneSpec;
import org.terrachange.data.synthetic.SceneStyle;
import org.terrachange.data.synthetic.SyntheticPairWriter;

/// Synthetic pairs with their exact truth, made when the server first starts.
public final class SampleScenes {
    private static final int SIZE = 1_024;

    private static final List<Sample> ALL = List.of(
            new Sample("suburb", "Suburb", SceneStyle.SUBURB, 12),
            new Sample("industrial", "Industrial estate", SceneStyle.INDUSTRIAL, 7),
            new Sample("countryside", "Countryside", SceneStyle.RURAL, 21));

    private final Path folder;
    private final boolean offered;
    private volatile boolean failed;

    /// @param folder for the scenes; created if needed
    /// @param offered whether they are made and may be chosen; results of an earlier server keep theirs in any case
    public SampleScenes(Path folder, boolean offered) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.offered = offered;
    }

    /// How far the scenes are.
    public enum State {
        /// The server offers no samples.
        NONE,
        /// Some are not ready yet.
        MAKING,
        /// All are ready.
        COMPLETE,
        /// Some could not be made; the server's log says why.
        FAILED;

        /// As the REST interface names it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One scene.
    ///
    /// @param id as [ImageRef.Sample] names it
    /// @param name for people
    private record Sample(String id, String name, SceneStyle style, long seed) {}

    /// A scene that is ready.
    ///
    /// @param id as [ImageRef.Sample] names it
    /// @param name for people
    public record Ready(String id, String name) {}

    /// Makes those that are missing; takes a few seconds each. Each appears when it is complete.
    ///
    /// @throws InterruptedException if the calling thread is interrupted between two scenes
    public void make() throws IOException, InterruptedException {
        boolean made = false;
        try {
            makeMissing();
            made = true;
        } finally {
            failed = !made;
        }
    }

    private void makeMissing() throws IOException, InterruptedException {
        for (Sample sample : ALL) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Path place = folder.resolve(sample.id());
            if (Files.notExists(place)) {
                Path making = folder.resolve("." + sample.id());
                FolderTree.delete(making);
                SyntheticPairWriter.write(
                        Scene.of(SceneSpec.of(sample.seed(), SIZE, SIZE).withStyle(sample.style())), making);
                Files.move(making, place, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    /// How far they are.
    public State state() {
        if (!offered) {
            return State.NONE;
        }
        if (ready().size() == ALL.size()) {
            return State.COMPLETE;
        }
        return failed ? State.FAILED : State.MAKING;
    }

    /// The scenes that are ready and may be chosen.
    public List<Ready> ready() {
        if (!offered) {
            return List.of();
        }
        return ALL.stream()
                .filter(sample -> Files.isDirectory(folder.resolve(sample.id())))
                .map(sample -> new Ready(sample.id(), sample.name()))
                .toList();
    }

    /// One date of a scene, if it is ready.
    public Optional<StoredImage> find(ImageRef.Sample ref) {
        return place(ref.scene())
                .map(place -> new StoredImage(
                        ref,
                        place.resolve(ref.moment() + ".tif"),
                        ref.scene() + "_" + ref.moment() + ".tif",
                        ImageContent.TIFF));
    }

    /// Where a scene really changed, if it is ready: a mask on the grid of both dates, not 0 where it did.
    public Optional<Path> truth(String scene) {
        return place(scene).map(place -> place.resolve("mask.tif"));
    }

    private Optional<Path> place(String scene) {
        return ALL.stream()
                .filter(sample -> sample.id().equals(scene))
                .map(sample -> folder.resolve(sample.id()))
                .filter(Files::isDirectory)
                .findFirst();
    }
}
