package org.terrachange.nn.clip;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.transformer.PreparedLayers;

/// A published CLIP for inference, straight from its checkpoint: weights are cast once and take their place
/// once, with no room for gradients. Works until it is closed.
public final class PreparedClip implements AutoCloseable {
    private final PreparedLayers layers;
    private final ClipModel model;
    private final List<String> warnings;

    private PreparedClip(PreparedLayers layers, ClipModel model, List<String> warnings) {
        this.layers = layers;
        this.model = model;
        this.warnings = warnings;
    }

    /// Opens weights in any layout that [ClipWeights] reads.
    ///
    /// @throws CheckpointException naming the file, where a tensor is missing or of another shape
    public static PreparedClip open(Path file, ClipConfiguration configuration, ComputeMode mode) throws IOException {
        try (StateDict stored = Checkpoints.open(file)) {
            return of(stored, configuration, mode);
        }
    }

    /// [#open] from an open checkpoint, which may be closed afterwards.
    public static PreparedClip of(StateDict stored, ClipConfiguration configuration, ComputeMode mode)
            throws CheckpointException {
        StateDict state = ClipWeights.fitting(stored, configuration, ClipWeights.shapes(configuration));
        PreparedLayers layers = new PreparedLayers(name -> HostCopies.toTensor(tensor(state, name)), mode);
        try {
            return new PreparedClip(
                    layers, new ClipModel(configuration, layers), ClipWeights.warnings(stored, configuration));
        } catch (RuntimeException e) {
            layers.close();
            throw e;
        }
    }

    private static HostTensor tensor(StateDict state, String name) {
        return state.find(name).orElseThrow(() -> new IllegalStateException(name + " was there a moment ago"));
    }

    public ClipModel model() {
        return model;
    }

    /// What is doubtful about the weights though they fit, as sentences for the person who chose them; empty as
    /// a rule.
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public void close() {
        layers.close();
    }
}
