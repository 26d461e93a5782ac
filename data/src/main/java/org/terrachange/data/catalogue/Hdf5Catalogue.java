package org.terrachange.data.catalogue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.RetrievalFiles;
import org.terrachange.data.retrieval.RetrievalSet;
import org.terrachange.data.retrieval.SampleAddress;

/// The pairs of an HDF5 file as `retrieval prepare` writes it, with what was said of each. A pair is named by
/// the file and its own name.
record Hdf5Catalogue(Path file) implements Catalogue {

    @Override
    public void forEach(Consumer consumer) throws IOException, InterruptedException {
        try (RetrievalSet set = RetrievalSet.open(RetrievalFiles.beside(file))) {
            String name = file.getFileName().toString();
            String prefix = name.substring(0, name.length() - ".h5".length()) + "/";
            for (int i = 0; i < set.size(); i++) {
                CaptionedSample sample = set.sample(i);
                consumer.accept(new PairEntry(
                        prefix + sample.id(),
                        new SampleAddress(file, i, false).toString(),
                        new SampleAddress(file, i, true).toString(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        sample.sentences()));
            }
        }
    }
}
