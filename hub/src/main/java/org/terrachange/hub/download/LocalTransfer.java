package org.terrachange.hub.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/// Copies a file of a folder into a part file.
final class LocalTransfer {
    private static final int BUFFER = 1 << 20;

    private final FreeSpace space;
    private final Origin.Local origin;
    private final PartFile part;
    private final DownloadListener listener;

    LocalTransfer(FreeSpace space, Origin.Local origin, Download wanted, DownloadListener listener) {
        this.space = space;
        this.origin = origin;
        this.part = new PartFile(wanted.part());
        this.listener = listener;
    }

    /// @throws OriginFailure if the folder has no such file
    /// @throws IOException if it cannot be read or written
    void run() throws OriginFailure, IOException {
        if (!Files.isRegularFile(origin.file())) {
            throw new OriginFailure(origin, "does not exist");
        }
        part.discard();
        long total = Files.size(origin.file());
        space.require(Files.createDirectories(part.folder()), total);
        long done = 0;
        try (FileChannel from = FileChannel.open(origin.file(), StandardOpenOption.READ);
                FileChannel to = part.append()) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    done += to.write(buffer);
                }
                buffer.clear();
                listener.progress(done, total);
            }
            to.force(true);
        }
    }
}
