package org.terrachange.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.terrachange.hub.digest.Sha256;

/// The models that come with the program.
final class BundledModels {
    private final Optional<Path> folder;

    /// @param folder empty where the program's folder was not found
    BundledModels(Optional<Path> folder) {
        this.folder = folder;
    }

    /// The file of a model, read in full and found intact.
    Path obtain(ModelEntry entry) throws IOException {
        Path file = existing(entry);
        long bytes = Files.size(file);
        long expected = entry.size().exact().orElse(bytes);
        if (bytes != expected) {
            throw new HubException(
                    entry.name(),
                    file + " has " + bytes + " bytes instead of " + expected
                            + "; fetch it again (a Git LFS pointer is fetched with git lfs pull)");
        }
        Sha256 found = Sha256.of(file);
        if (!entry.fingerprint().matches(found)) {
            throw new HubException(
                    entry.name(),
                    file + " is damaged or was exchanged: its SHA-256 is " + found + " instead of "
                            + entry.fingerprint() + "; fetch it again");
        }
        return file;
    }

    ModelStatus status(ModelEntry entry) {
        boolean present = file(entry).filter(Files::isRegularFile).isPresent();
        return present ? new ModelStatus.Present() : new ModelStatus.Absent();
    }

    Verification verify(ModelEntry entry) throws IOException {
        Optional<Path> file = file(entry).filter(Files::isRegularFile);
        if (file.isEmpty()) {
            return Verification.ABSENT;
        }
        return entry.fingerprint().matches(Sha256.of(file.get())) ? Verification.INTACT : Verification.DAMAGED;
    }

    private Optional<Path> file(ModelEntry entry) {
        return folder.map(models -> models.resolve(entry.source().file()));
    }

    private Path existing(ModelEntry entry) throws HubException {
        Path file = file(entry)
                .orElseThrow(() -> new HubException(
                        entry.name(),
                        "comes with the program, but its folder \"models\" was not found; start the program with"
                                + " ./terrachange, or set the Java property " + Installation.HOME_PROPERTY));
        if (!Files.isRegularFile(file)) {
            throw new HubException(entry.name(), "its file " + file + " is missing; fetch the program again");
        }
        return file;
    }
}
