package org.terrachange.hub.cache;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.terrachange.hub.digest.Sha256;

/// Downloaded files, found by their content:
///
/// ```
/// sha256/HEX/FILE            a file under the name that its publisher gave it
/// sha256/HEX/verified.json   that it was intact when it was last read in full
/// pins/MODEL.json            what a name stood for at its first download
/// partial/FILE.part          a download that is under way or was broken off
/// locks/FILE.lock            held while FILE is downloaded
/// FILE                       put there by hand, taken over when it is asked for
/// ```
public final class ModelCache {
    static final String CONTENTS = "sha256";
    static final String PARTS = "partial";
    static final String PINS = "pins";
    static final String PART_ENDING = ".part";
    static final String STATE_ENDING = ".part.json";
    static final String FRESH_ENDING = ".new";
    private static final String RECEIPT = "verified.json";

    private final Path root;
    private final Pins pins;

    /// @param root the folder; made when something is stored
    public ModelCache(Path root) {
        this.root = root;
        this.pins = new Pins(root.resolve(PINS));
    }

    public Path root() {
        return root;
    }

    public Pins pins() {
        return pins;
    }

    /// Where a person may put the file of this name.
    public Path placedByHand(String file) {
        return root.resolve(file);
    }

    /// Where the file of this name grows. To be touched only under its [lock][#lock].
    public Path part(String file) {
        return root.resolve(PARTS).resolve(file + PART_ENDING);
    }

    /// Waits until nobody else downloads the file of this name.
    ///
    /// @param waiting called again and again meanwhile
    public DownloadLock lock(String file, Runnable waiting) throws IOException, InterruptedException {
        try {
            return DownloadLock.acquire(lockFile(file), waiting);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(root + " cannot be used as a folder for models: " + e.getFile() + " is no folder", e);
        }
    }

    Path lockFile(String file) {
        return root.resolve("locks").resolve(file + ".lock");
    }

    /// Whether there is a file of this content, which may still turn out damaged.
    public boolean contains(Sha256 sha256) throws IOException {
        return stored(sha256).isPresent();
    }

    /// The file of this content. It is read in full if it was touched since that was last done; if it is then
    /// found damaged, it is deleted.
    ///
    /// @return empty where there is no intact one
    public Optional<Path> find(Sha256 sha256) throws IOException {
        Optional<Path> file = stored(sha256);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Receipt now = Receipt.of(file.get());
        if (Receipt.read(receipt(sha256)).filter(now::equals).isPresent() || isIntact(sha256, file.get())) {
            return file;
        }
        Files.deleteIfExists(file.get());
        return Optional.empty();
    }

    /// Reads the file of this content in full, whatever was known of it.
    ///
    /// @return whether it is intact; empty where there is no such file
    public Optional<Boolean> verify(Sha256 sha256) throws IOException {
        Optional<Path> file = stored(sha256);
        return file.isEmpty() ? Optional.empty() : Optional.of(isIntact(sha256, file.get()));
    }

    private boolean isIntact(Sha256 sha256, Path file) throws IOException {
        // Taken first: a file that changes while it is read must not look verified.
        Receipt before = Receipt.of(file);
        boolean intact = Sha256.of(file).equals(sha256);
        if (intact) {
            before.write(receipt(sha256));
        } else {
            Files.deleteIfExists(receipt(sha256));
        }
        return intact;
    }

    /// Moves a file into the cache.
    ///
    /// @param complete a file on the disk of the cache, as a rule; gone afterwards
    /// @param sha256 its content, as just computed
    /// @param name what it is called
    /// @return where it is now
    public Path store(Path complete, Sha256 sha256, String name) throws IOException {
        Path target = Files.createDirectories(folder(sha256)).resolve(name);
        Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Receipt.of(target).write(receipt(sha256));
        return target;
    }

    private Optional<Path> stored(Sha256 sha256) throws IOException {
        if (!Files.isDirectory(folder(sha256))) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder(sha256))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith(RECEIPT))
                    .min(Path::compareTo);
        }
    }

    private Path folder(Sha256 sha256) {
        return root.resolve(CONTENTS).resolve(sha256.hex());
    }

    private Path receipt(Sha256 sha256) {
        return folder(sha256).resolve(RECEIPT);
    }
}
