package org.terrachange.detect.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.terrachange.detect.model.EncoderWeights;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.Matching;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Begins a run from the weights of an earlier one, or from a pretrained encoder, instead of at random.
final class StartingWeights {
    private StartingWeights() {}

    /// @param parameters already filled at random
    /// @throws org.terrachange.nn.checkpoint.CheckpointException if a file holds another network
    static void load(TrainingPlan.Start start, Parameters parameters) throws IOException {
        if (start.weights().isPresent()) {
            network(start.weights().get(), parameters);
        }
        if (start.encoder().isPresent()) {
            EncoderWeights.load(start.encoder().get(), parameters);
        }
        if (start.freezeEncoder()) {
            parameters.freeze(EncoderWeights::isEncoder);
        }
    }

    private static void network(Path file, Parameters parameters) throws IOException {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        parameters.all().forEach(p -> shapes.put(p.name(), p.shape()));
        try (StateDict state = Checkpoints.open(file)) {
            Matching.compare(shapes, state).requireAllExpected();
            for (Parameter parameter : parameters.all()) {
                HostCopies.fill(parameter.tensor(), state.toFloats(parameter.name()));
            }
        }
    }
}
