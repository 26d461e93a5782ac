package org.terrachange.spark.input;

import java.io.IOException;
import java.nio.file.Path;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.search.index.ModelFingerprint;
import org.terrachange.search.model.SearchModel;
import org.terrachange.spark.fleet.DeliveredFile;
import org.terrachange.spark.fleet.Fleet;
import org.terrachange.spark.fleet.LoadedModels;

/// A search model that every worker can load.
///
/// @param file of its weights
/// @param name what it is called
/// @param sha256 of the file
/// @param dimension width of its vectors
/// @param device where it computes
/// @param precision in which number format, the same on all machines
public record SearchModelSource(
        DeliveredFile file, String name, String sha256, int dimension, String device, String precision)
        implements LoadedModels.Source<SearchModel> {

    /// Hands the weights out.
    ///
    /// @param fingerprint of the model in the file
    public static SearchModelSource deliver(Fleet fleet, Path file, ModelFingerprint fingerprint, ComputeMode mode)
            throws IOException {
        return new SearchModelSource(
                fleet.deliver(file, "search-model"),
                fingerprint.name(),
                fingerprint.sha256(),
                fingerprint.dimension(),
                mode.device().label(),
                mode.precision().label());
    }

    /// Which vectors it makes.
    public ModelFingerprint fingerprint() {
        return new ModelFingerprint(name, sha256, dimension);
    }

    @Override
    public SearchModel open() throws IOException {
        return SearchModel.load(file.path(), ComputeMode.parse(device, precision));
    }

    @Override
    public void close(SearchModel model) {
        model.close();
    }
}
