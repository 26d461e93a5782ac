package org.terrachange.detect.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.Matching;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// A pretrained encoder on disk, under the names that torchvision gives its parameters, without a head.
/// Metadata says what a user of it must know: above all the normalisation it was trained with, which has to
/// stay the same from pretraining to inference.
public final class EncoderWeights {
    private static final String PREFIX = "encoder.";

    private EncoderWeights() {}

    /// Stores the encoder inside a network.
    ///
    /// @param parameters of the network; those of its encoder begin with `encoder.`
    /// @param method how it was pretrained, in words
    /// @param samples how many images were seen
    public static void write(
            Path file,
            Parameters parameters,
            ResNet.Depth depth,
            ImageNormalization normalization,
            String method,
            long samples)
            throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (Parameter parameter : parameters.all()) {
            if (isEncoder(parameter)) {
                tensors.put(parameter.name().substring(PREFIX.length()), HostCopies.toHost(parameter.tensor()));
            }
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "terrachange-encoder");
        metadata.put("encoder", depth.label());
        metadata.putAll(normalization.toMetadata());
        metadata.put("method", method);
        metadata.put("samples", Long.toString(samples));
        SafetensorsFile.write(file, StateDict.of(tensors, metadata));
    }

    /// Fills the encoder inside a network from a file with torchvision's names, ours or any other; what the
    /// network does not have, such as a classifier or a last stage, is passed over.
    ///
    /// @throws CheckpointException if the file lacks a tensor or holds another depth
    public static void load(Path file, Parameters parameters) throws IOException {
        List<Parameter> encoder =
                parameters.all().stream().filter(EncoderWeights::isEncoder).toList();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        encoder.forEach(p -> shapes.put(p.name().substring(PREFIX.length()), p.shape()));
        try (StateDict stored = Checkpoints.open(file)) {
            StateDict state = stored.withoutCommonPrefix("module.", "model.", "backbone.", PREFIX);
            Matching.compare(shapes, state).requireAllExpected();
            for (Parameter parameter : encoder) {
                HostCopies.fill(
                        parameter.tensor(), state.toFloats(parameter.name().substring(PREFIX.length())));
            }
        }
    }

    /// The normalisation that a stored encoder or detector was trained with; empty where the file does not say.
    public static Optional<ImageNormalization> normalization(Path file) throws IOException {
        try (StateDict state = Checkpoints.open(file)) {
            return ImageNormalization.of(state.metadata());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file.toString(), "states no usable normalisation: " + e.getMessage());
        }
    }

    /// Whether a parameter belongs to the encoder of its network.
    public static boolean isEncoder(Parameter parameter) {
        return parameter.name().startsWith(PREFIX);
    }
}
