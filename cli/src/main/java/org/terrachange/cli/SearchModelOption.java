package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.search.index.ModelFingerprint;
import org.terrachange.search.model.SearchModel;
import picocli.CommandLine.Option;

/// Which search model to use.
final class SearchModelOption {
    @Option(
            names = "--search-model",
            paramLabel = "NAME|FILE",
            defaultValue = "terrachange-search",
            description =
                    "A search model by name (see: terrachange models list), or a file as retrieval train writes it"
                            + " (default: ${DEFAULT-VALUE}).")
    private String name;

    /// A model, and what tells its vectors from those of others.
    record Loaded(SearchModel model, ModelFingerprint fingerprint) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
        }
    }

    /// Its file, downloaded if it is not here.
    Path file(SharedOptions.Hub hub, Console console) throws IOException {
        return hub.resolve(name, console);
    }

    /// A model's file, and what tells its vectors from those of others.
    record Named(Path file, ModelFingerprint fingerprint) {}

    /// Which model it is, after downloading it if it is not here.
    Named named(SharedOptions.Hub hub, SharedOptions.Compute compute, Console console) throws IOException {
        Path file = file(hub, console);
        try (SearchModel model = SearchModel.load(file, compute.mode())) {
            return new Named(file, fingerprint(file, model));
        }
    }

    /// Loads it, after downloading it if it is not here; the caller closes it.
    Loaded load(SharedOptions.Hub hub, SharedOptions.Compute compute, Console console) throws IOException {
        Path file = file(hub, console);
        SearchModel model = SearchModel.load(file, compute.mode());
        return new Loaded(model, fingerprint(file, model));
    }

    private static ModelFingerprint fingerprint(Path file, SearchModel model) throws IOException {
        return new ModelFingerprint(
                model.card().name(),
                Sha256.of(file).hex(),
                model.card().architecture().embedDim());
    }
}
