package org.terrachange.detect.pretrain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Stores a pretrained encoder under the names that torchvision gives its parameters, without the head, with what a
/// user of it must know: the normalisation above all.
final class EncoderWeights {
    private static final String PREFIX = "encoder.";

    private EncoderWeights() {}

    static void write(Path file, Parameters parameters, PretrainingPlan plan, long samples) throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (Parameter parameter : parameters.all()) {
            if (parameter.name().startsWith(PREFIX)) {
                tensors.put(parameter.name().substring(PREFIX.length()), HostCopies.toHost(parameter.tensor()));
            }
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "terrachange-encoder");
        metadata.put("encoder", plan.encoder().label());
        metadata.put("mean", join(plan.normalization().mean()));
        metadata.put("std", join(plan.normalization().deviation()));
        metadata.put("method", "SimCLR, positives: " + plan.positives().label());
        metadata.put("samples", Long.toString(samples));
        SafetensorsFile.write(file, StateDict.of(tensors, metadata));
    }

    private static String join(List<Double> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
