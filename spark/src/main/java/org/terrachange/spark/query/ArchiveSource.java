package org.terrachange.spark.query;

import java.io.IOException;
import java.nio.file.Path;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.spark.fleet.LoadedModels;
import org.terrachange.spark.input.SearchModelSource;

/// An archive that every worker can read.
///
/// @param folder the same on all machines
/// @param model that made its vectors
record ArchiveSource(String folder, SearchModelSource model) implements LoadedModels.Source<ArchiveSearcher> {
    @Override
    public ArchiveSearcher open() throws IOException {
        return ArchiveSearcher.open(Path.of(folder), model.fingerprint());
    }

    @Override
    public void close(ArchiveSearcher archive) throws IOException {
        archive.close();
    }
}
