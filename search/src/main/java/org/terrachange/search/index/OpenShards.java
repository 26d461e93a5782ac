package org.terrachange.search.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.store.Directory;

/// Indexes of one model, open as one.
///
/// @param reader over all of them
/// @param model that made their vectors
/// @param metadata of the first
/// @param directories closed last
record OpenShards(IndexReader reader, ModelFingerprint model, Map<String, String> metadata, List<Directory> directories)
        implements Closeable {

    /// Opens the newest commit of each.
    ///
    /// @param folders at least one
    /// @throws IndexException naming the folder that holds no index, a damaged one, or one of another model than
    ///     the first
    static OpenShards of(List<Path> folders) throws IOException {
        List<Directory> directories = new ArrayList<>();
        List<DirectoryReader> readers = new ArrayList<>();
        ModelFingerprint model = null;
        try {
            for (Path folder : folders) {
                try {
                    Directory directory = IndexFolder.openExisting(folder);
                    directories.add(directory);
                    DirectoryReader reader = DirectoryReader.open(directory);
                    readers.add(reader);
                    ModelFingerprint own =
                            IndexFolder.model(folder, reader.getIndexCommit().getUserData());
                    if (model == null) {
                        model = own;
                    }
                    IndexFolder.requireModel(folder, own, model);
                } catch (IOException | RuntimeException e) {
                    throw IndexFolder.explained(folder, e);
                }
            }
            if (model == null) {
                throw new IllegalArgumentException("there is no index to open");
            }
            IndexReader all = readers.size() == 1
                    ? readers.getFirst()
                    : new MultiReader(readers.toArray(IndexReader[]::new), true);
            return new OpenShards(
                    all, model, readers.getFirst().getIndexCommit().getUserData(), List.copyOf(directories));
        } catch (IOException | RuntimeException e) {
            close(readers);
            close(directories);
            throw e;
        }
    }

    private static void close(List<? extends Closeable> parts) throws IOException {
        for (Closeable part : parts) {
            part.close();
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
        close(directories);
    }
}
