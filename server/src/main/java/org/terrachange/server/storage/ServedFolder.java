package org.terrachange.server.storage;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.data.pairs.DatasetException;

/// A folder of images that requests may choose from: that folder, and nothing that lies outside of it, whatever
/// links are in it.
public final class ServedFolder {
    private static final int MOST_PAIRS = 1_000;

    /// How long a list of pairs is taken to be true: walking a large folder takes a while.
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Path root;
    private final ReentrantLock lock = new ReentrantLock();
    private List<Pair> known = List.of();
    private @Nullable Instant knownAt;

    /// @throws IOException if it is no folder
    public ServedFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": is no folder; name one whose images shall be served");
        }
        root = folder.toRealPath();
    }

    /// Two images of one place.
    ///
    /// @param id its place below the folder
    /// @param beforeDate when the earlier image was taken, if that is known
    /// @param afterDate when the later image was taken
    public record Pair(
            String id, ImageRef before, ImageRef after, Optional<String> beforeDate, Optional<String> afterDate) {}

    /// The image at a place below the folder, if there is one.
    public Optional<StoredImage> find(ImageRef.Data ref) throws IOException {
        Optional<Path> file = inside(ref.path());
        if (file.isEmpty()) {
            return Optional.empty();
        }
        return ImageContent.of(file.get()).map(content -> new StoredImage(ref, file.get(), ref.path(), content));
    }

    private Optional<Path> inside(String path) throws IOException {
        try {
            for (String name : path.split("/", -1)) {
                if (name.isEmpty() || name.startsWith(".") || name.contains("\\")) {
                    return Optional.empty();
                }
            }
            Path asked = root.resolve(path);
            if (!Files.exists(asked)) {
                return Optional.empty();
            }
            // With links followed: what counts is where the file is.
            Path real = asked.toRealPath();
            return real.startsWith(root) && Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(real)
                    : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// Ends the walk through a folder of more pairs than anybody looks through.
    private static final class EnoughException extends IOException {
        @Serial
        private static final long serialVersionUID = 1;
    }

    /// The pairs that folders and names tell, of files that can be used, at most a thousand. Empty where there are
    /// none. May be half a minute old.
    public List<Pair> pairs() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            Instant now = Instant.now();
            if (knownAt == null || knownAt.plus(FRESH).isBefore(now)) {
                known = walk();
                knownAt = now;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private List<Pair> walk() throws IOException, InterruptedException {
        List<Pair> pairs = new ArrayList<>();
        try {
            Catalogue.open(root).forEach(entry -> {
                pair(entry).ifPresent(pairs::add);
                if (pairs.size() >= MOST_PAIRS) {
                    throw new EnoughException();
                }
            });
        } catch (DatasetException | EnoughException | AccessDeniedException _) {
            // There are no pairs, or one lacks its partner, or a folder may not be read, or there are enough: those so
            // far are still pairs.
        }
        return List.copyOf(pairs);
    }

    private Optional<Pair> pair(PairEntry entry) throws IOException {
        ImageRef.Data before = ref(entry.before());
        ImageRef.Data after = ref(entry.after());
        try {
            return find(before).isPresent() && find(after).isPresent()
                    ? Optional.of(new Pair(entry.id(), before, after, entry.beforeDate(), entry.afterDate()))
                    : Optional.empty();
        } catch (AccessDeniedException _) {
            return Optional.empty();
        }
    }

    private ImageRef.Data ref(String file) {
        return new ImageRef.Data(root.relativize(Path.of(file)).toString().replace('\\', '/'));
    }
}
