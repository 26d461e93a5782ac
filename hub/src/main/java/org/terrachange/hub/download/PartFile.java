package org.terrachange.hub.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A file that is only partly here, with what its server said of it in a second file. It outlives the process.
final class PartFile {
    private final Path file;
    private final Path stateFile;

    PartFile(Path file) {
        this.file = file;
        this.stateFile = file.resolveSibling(file.getFileName() + ".json");
    }

    Path path() {
        return file;
    }

    Path folder() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a part file lies in a folder");
    }

    /// Bytes that are here.
    long length() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /// What its server said of it; empty where nothing is here or the record is damaged.
    Optional<PartState> state() throws IOException {
        if (length() == 0 || !Files.isRegularFile(stateFile)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonMapper.shared().readValue(stateFile.toFile(), PartState.class));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Begins anew: nothing is here.
    void begin(PartState state) throws IOException {
        // In this order: whatever is killed in between, a state never describes bytes of another version.
        Files.deleteIfExists(file);
        Files.createDirectories(folder());
        Path fresh = stateFile.resolveSibling(stateFile.getFileName() + ".new");
        Files.writeString(fresh, JsonMapper.shared().writeValueAsString(state));
        Files.move(fresh, stateFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Opens it for more bytes.
    FileChannel append() throws IOException {
        Files.createDirectories(folder());
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /// Forgets everything.
    void discard() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(stateFile);
    }

    /// Forgets what the server said, once the file is complete.
    void settle() throws IOException {
        Files.deleteIfExists(stateFile);
    }
}
