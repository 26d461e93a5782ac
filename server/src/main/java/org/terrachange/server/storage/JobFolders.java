package org.terrachange.server.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folders of all jobs.
public final class JobFolders {
    private final Path root;

    /// @param root for the folders; created if needed
    public JobFolders(Path root) throws IOException {
        this.root = Files.createDirectories(root);
    }

    /// The folder of a job.
    ///
    /// @throws IllegalArgumentException if that is no id
    public JobFolder of(String jobId) {
        if (!StoredId.isOne(jobId)) {
            throw new IllegalArgumentException("no id of a job");
        }
        return new JobFolder(root.resolve(jobId));
    }

    /// What all of them take on disk.
    public long bytes() throws IOException {
        return FolderTree.bytes(root);
    }
}
