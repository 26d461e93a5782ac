package org.terrachange.detect.train;

import java.io.IOException;
import java.nio.file.Path;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Begins a run from existing weights.
final class StartingWeights {
    private StartingWeights() {}

    static void load(Path file, Parameters parameters) throws IOException {
        try (StateDict state = SafetensorsFile.read(file)) {
            for (Parameter parameter : parameters.all()) {
                HostCopies.fill(parameter.tensor(), state.toFloats(parameter.name()));
            }
        }
    }
}
