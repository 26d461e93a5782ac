package org.terrachange.nn.clip;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.Matching;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.TrainableLayers;

/// Published weights of CLIP, from whichever layout they are stored in: OpenAI's and open_clip's names
/// (RemoteCLIP's and GeoRSCLIP's files too), with or without a wrapper's prefix, and Hugging Face's.
public final class ClipWeights {
    /// Numbers that OpenAI's own files hold beside the weights.
    private static final Set<String> OPENAI_EXTRAS = Set.of("input_resolution", "context_length", "vocab_size");

    private static final String SCALE = "logit_scale";
    private static final String TOKENS = "token_embedding.weight";

    private ClipWeights() {}

    /// Fills the parameters of a CLIP model from a checkpoint, with those of either tower alone where the
    /// network has no other.
    ///
    /// @param file safetensors or a PyTorch zip checkpoint
    /// @param configuration that the network was built by
    /// @param which of the parameters to fill; the others stay as they are
    /// @return what is doubtful though it fits, as sentences for the person who chose the file; empty as a rule
    /// @throws CheckpointException naming the file, where a tensor is missing or of another shape
    public static List<String> load(
            Path file, ClipConfiguration configuration, Parameters parameters, Predicate<Parameter> which)
            throws IOException {
        try (StateDict stored = Checkpoints.open(file)) {
            return load(stored, configuration, parameters, which);
        }
    }

    /// [#load(Path, ClipConfiguration, Parameters, Predicate)] from an open checkpoint, for all parameters.
    public static List<String> load(StateDict stored, ClipConfiguration configuration, Parameters parameters)
            throws CheckpointException {
        return load(stored, configuration, parameters, _ -> true);
    }

    private static List<String> load(
            StateDict stored, ClipConfiguration configuration, Parameters parameters, Predicate<Parameter> which)
            throws CheckpointException {
        Map<String, List<Long>> expected = new LinkedHashMap<>();
        parameters.all().stream().filter(which).forEach(p -> expected.put(p.name(), p.shape()));
        StateDict state = fitting(stored, configuration, expected);
        for (String name : expected.keySet()) {
            HostCopies.fill(parameters.get(name).tensor(), state.toFloats(name));
        }
        return warnings(stored, configuration);
    }

    /// The weights in open_clip's names, once it is sure that they fit.
    ///
    /// @param expected names and shapes that must be there
    static StateDict fitting(StateDict stored, ClipConfiguration configuration, Map<String, List<Long>> expected)
            throws CheckpointException {
        StateDict state = openClipNames(stored);
        requireVocabulary(state, configuration, expected);
        Matching matching = Matching.compare(expected, state);
        for (String name : expected.keySet()) {
            HostTensor tensor = state.tensors().get(name);
            if (tensor != null && !tensor.type().isFloating()) {
                throw new CheckpointException(
                        state.source(), "tensor " + name + " holds " + tensor.type() + ", not floating-point numbers");
            }
        }
        if (!matching.loads()) {
            String difference = matching.misshaped().isEmpty()
                    ? "it lacks " + matching.missing().getFirst()
                    : matching.misshaped().getFirst().toString();
            String hint = configurationOf(state)
                    .map(c -> "its shapes are those of " + c.name() + ", choose that")
                    .or(matching::hint)
                    .map(text -> ". Hint: " + text)
                    .orElse("");
            throw new CheckpointException(
                    state.source(),
                    "does not fit the configuration " + configuration.name() + " (" + difference + ")" + hint);
        }
        return state;
    }

    private static void requireVocabulary(
            StateDict state, ClipConfiguration configuration, Map<String, List<Long>> expected)
            throws CheckpointException {
        HostTensor table = state.tensors().get(TOKENS);
        if (expected.containsKey(TOKENS)
                && table != null
                && table.shape().size() == 2
                && table.shape().getFirst() != configuration.text().vocabulary()) {
            throw new CheckpointException(
                    state.source(),
                    "has a vocabulary of " + table.shape().getFirst() + " tokens where the configuration "
                            + configuration.name() + " has "
                            + configuration.text().vocabulary()
                            + ": its tokenizer is another one");
        }
    }

    /// The same weights in open_clip's names, without wrappers' prefixes and without the numbers beside them.
    ///
    /// @throws CheckpointException where the names make no sense of that kind
    public static StateDict openClipNames(StateDict stored) throws CheckpointException {
        StateDict state = stored.withoutCommonPrefix("module.", "model.", "clip_model.", "_orig_mod.");
        Map<String, HostTensor> kept = new LinkedHashMap<>();
        state.tensors().forEach((name, tensor) -> {
            if (!OPENAI_EXTRAS.contains(name)) {
                kept.put(name, tensor);
            }
        });
        HostTensor scale = kept.get(SCALE);
        if (scale != null && scale.elements() == 1) {
            kept.put(SCALE, new HostTensor(scale.type(), List.of(), scale.data()));
        }
        // open_clip keeps the causal mask as a buffer in some versions.
        kept.remove("attn_mask");
        StateDict plain = state.withTensors(kept);
        return kept.containsKey(HuggingFaceLayout.MARK) ? HuggingFaceLayout.toOpenClip(plain) : plain;
    }

    /// The first built-in configuration whose names and shapes a checkpoint has. Weights do not show their
    /// activation: of two configurations that differ in it alone, the one by which the file was trained is
    /// taken where its name tells, else the first.
    ///
    /// @param state in any layout
    public static Optional<ClipConfiguration> recognise(StateDict state) throws CheckpointException {
        Optional<ClipConfiguration> fitting = configurationOf(openClipNames(state));
        Optional<Activation> trained = trainedWith(state);
        if (fitting.isEmpty()
                || trained.isEmpty()
                || trained.get() == fitting.get().activation()) {
            return fitting;
        }
        return Optional.of(ClipConfiguration.named(fitting.get().name() + "-quickgelu"));
    }

    private static Optional<ClipConfiguration> configurationOf(StateDict state) {
        for (String name : ClipConfiguration.NAMES) {
            ClipConfiguration configuration = ClipConfiguration.named(name);
            if (Matching.compare(shapes(configuration), state).loads()) {
                return Optional.of(configuration);
            }
        }
        return Optional.empty();
    }

    /// Names and shapes of a configuration's parameters.
    static Map<String, List<Long>> shapes(ClipConfiguration configuration) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        try (Parameters parameters = new Parameters()) {
            new ClipModel(configuration, new TrainableLayers(parameters));
            parameters.all().forEach(p -> shapes.put(p.name(), p.shape()));
        }
        return shapes;
    }

    /// What is doubtful about weights that fit.
    static List<String> warnings(StateDict stored, ClipConfiguration configuration) {
        List<String> warnings = new ArrayList<>();
        trainedWith(stored)
                .filter(trained -> trained != configuration.activation())
                .ifPresent(trained -> warnings.add(stored.source() + " seems to be trained with the activation "
                        + trained.label() + ", but the configuration " + configuration.name() + " computes with "
                        + configuration.activation().label()
                        + ": results will be worse. Choose the configuration "
                        + (trained == Activation.QUICK_GELU
                                ? configuration.name() + "-quickgelu"
                                : configuration.name().replace("-quickgelu", ""))
                        + " unless you know better"));
        return warnings;
    }

    /// The activation that the publisher of these weights is known to have trained with; found by what OpenAI's
    /// files hold beside the weights, and by the tag of the training data in the file's name, the names of the
    /// two folders around it and its metadata.
    private static Optional<Activation> trainedWith(StateDict stored) {
        if (stored.tensors().keySet().containsAll(OPENAI_EXTRAS)) {
            return Optional.of(Activation.QUICK_GELU);
        }
        String[] parts = stored.source().split("[/\\\\]", -1);
        StringBuilder text = new StringBuilder();
        for (int i = Math.max(0, parts.length - 3); i < parts.length; i++) {
            text.append(parts[i]).append(' ');
        }
        stored.metadata().values().forEach(value -> text.append(value).append(' '));
        String tags = text.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (List.of("laion2b", "datacomp", "commonpool").stream().anyMatch(tags::contains)) {
            return Optional.of(Activation.GELU);
        }
        if (List.of("openai", "laion400m", "metaclip", "rs5m").stream().anyMatch(tags::contains)) {
            return Optional.of(Activation.QUICK_GELU);
        }
        return Optional.empty();
    }
}
