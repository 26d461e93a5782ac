package org.terrachange.detect.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Stores the parameters of a detector with its card.
public final class ModelWeights {
    private ModelWeights() {}

    /// Writes every parameter under its published name, float32.
    public static void write(Path file, Parameters parameters, ModelCard card) throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (Parameter parameter : parameters.all()) {
            tensors.put(parameter.name(), HostCopies.toHost(parameter.tensor()));
        }
        SafetensorsFile.write(file, StateDict.of(tensors, card.toMetadata()));
    }

    /// The card of a stored detector.
    public static ModelCard card(Path file) throws IOException {
        try (StateDict state = SafetensorsFile.read(file)) {
            return ModelCard.of(file.toString(), state.metadata());
        }
    }
}
