package org.terrachange.nn.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the tensors of a checkpoint fit the parameters that a network expects, by name and shape.
///
/// Batch norm's `num_batches_tracked` counters are left out on both sides: they do not change what a network
/// computes, and checkpoints of before PyTorch 0.4.1 lack them.
///
/// @param source what messages call the checkpoint
/// @param missing expected names that the checkpoint lacks
/// @param unexpected names of the checkpoint that the network does not have
/// @param misshaped names that both have, in different shapes
/// @param hint what the names suggest, if anything
public record Matching(
        String source,
        List<String> missing,
        List<String> unexpected,
        List<Misshaped> misshaped,
        Optional<String> hint) {
    private static final int SHOWN = 10;
    private static final String COUNTER = "num_batches_tracked";

    public Matching {
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        misshaped = List.copyOf(misshaped);
    }

    /// A tensor whose shape differs from what the network expects.
    public record Misshaped(String name, List<Long> expected, List<Long> found) {
        public Misshaped {
            expected = List.copyOf(expected);
            found = List.copyOf(found);
        }

        @Override
        public String toString() {
            return name + " (" + found + " where " + expected + " is expected)";
        }
    }

    /// Compares a network's parameters and buffers with a checkpoint.
    ///
    /// @param expected shapes by name
    public static Matching compare(Map<String, List<Long>> expected, StateDict found) {
        Map<String, HostTensor> tensors = found.tensors();
        List<String> missing = expected.keySet().stream()
                .filter(name -> !isCounter(name) && !tensors.containsKey(name))
                .toList();
        List<String> unexpected = tensors.keySet().stream()
                .filter(name -> !isCounter(name) && !expected.containsKey(name))
                .toList();
        List<Misshaped> misshaped = new ArrayList<>();
        expected.forEach((name, shape) -> {
            HostTensor tensor = tensors.get(name);
            if (tensor != null && !isCounter(name) && !tensor.shape().equals(shape)) {
                misshaped.add(new Misshaped(name, shape, tensor.shape()));
            }
        });
        Optional<String> hint = missing.isEmpty()
                ? Optional.empty()
                : prefixHint(expected.keySet(), tensors.keySet(), missing)
                        .or(() -> Layout.recognise(tensors.keySet())
                                .map(layout -> "its names are those of " + layout.title()));
        return new Matching(found.source(), missing, unexpected, misshaped, hint);
    }

    /// Whether the names and shapes agree one to one.
    public boolean isExact() {
        return loads() && unexpected.isEmpty();
    }

    /// Whether everything that the network expects is there; the checkpoint may hold more.
    public boolean loads() {
        return missing.isEmpty() && misshaped.isEmpty();
    }

    /// Refuses a checkpoint that does not fit one to one.
    ///
    /// @throws CheckpointException with the first names of each kind of difference
    public void requireExact() throws CheckpointException {
        if (!isExact()) {
            throw new CheckpointException(source, describe());
        }
    }

    /// Refuses a checkpoint that lacks a tensor or has it in another shape; it may hold more than is expected,
    /// as when an encoder is loaded from a whole network.
    ///
    /// @throws CheckpointException with the first names of each kind of difference
    public void requireAllExpected() throws CheckpointException {
        if (!loads()) {
            throw new CheckpointException(source, describe());
        }
    }

    private String describe() {
        List<String> parts = new ArrayList<>();
        addPart(parts, "lacks", missing);
        addPart(parts, "has in another shape", misshaped);
        addPart(parts, "has unexpected", unexpected);
        String list = "does not fit this network: it " + String.join("; it ", parts);
        return hint.map(text -> list + ". Hint: " + text).orElse(list);
    }

    private static void addPart(List<String> parts, String verb, Collection<?> items) {
        if (!items.isEmpty()) {
            String shown = items.stream()
                    .limit(SHOWN)
                    .map(item -> CheckpointException.quoted(item.toString()))
                    .collect(Collectors.joining(", "));
            parts.add(verb + " " + items.size() + (items.size() == 1 ? " tensor: " : " tensors: ") + shown
                    + (items.size() > SHOWN ? ", ..." : ""));
        }
    }

    private static boolean isCounter(String name) {
        return name.equals(COUNTER) || name.endsWith("." + COUNTER);
    }

    /// Finds a prefix that sets most names of one side apart from the other.
    private static Optional<String> prefixHint(Set<String> expected, Set<String> found, List<String> missing) {
        Optional<String> tooMany = commonest(prefixes(found, expected::contains), missing.size());
        if (tooMany.isPresent()) {
            return tooMany.map(prefix -> "most of its names begin with '" + prefix + "'; strip that prefix");
        }
        return commonest(prefixes(missing, found::contains), missing.size())
                .map(prefix -> "its names lack the prefix '" + prefix + "' that this network expects; "
                        + "it may be the weights of that part alone");
    }

    private static Stream<String> prefixes(Collection<String> names, Predicate<String> known) {
        return names.stream()
                .flatMap(name -> Stream.iterate(name.indexOf('.'), dot -> dot >= 0, dot -> name.indexOf('.', dot + 1))
                        .filter(dot -> known.test(name.substring(dot + 1)))
                        .map(dot -> name.substring(0, dot + 1)));
    }

    private static Optional<String> commonest(Stream<String> prefixes, int of) {
        Map<String, Long> counts =
                prefixes.collect(Collectors.groupingBy(Function.identity(), HashMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .filter(entry -> 2 * entry.getValue() > of)
                .map(entry -> CheckpointException.quoted(entry.getKey()));
    }

    /// A network that is known by one or two of its tensors' names.
    private record Layout(String title, List<String> marks) {
        private static final List<Layout> KNOWN = List.of(
                of("the TerraChange Siamese U-Net", "up4.conv.0.weight", "encoder.conv1.weight"),
                of("open_clip's CLIP", "visual.transformer.resblocks.0.attn.in_proj_weight"),
                of("CLIP with a ResNet", "visual.layer1.0.conv1.weight", "token_embedding.weight"),
                of("Hugging Face's CLIP", "vision_model.embeddings.class_embedding"),
                of("torchvision's ResNet-50, 101 or 152", "layer1.0.conv3.weight", "layer1.0.downsample.0.weight"),
                of("torchvision's ResNet-18 or 34", "layer1.0.conv2.weight", "layer4.0.conv1.weight"),
                of("timm's vision transformer", "patch_embed.proj.weight", "blocks.0.attn.qkv.weight"),
                of("torchvision's vision transformer", "conv_proj.weight", "encoder.pos_embedding"),
                of("a Swin transformer", "layers.0.blocks.0.attn.relative_position_bias_table"),
                of("torchvision's VGG", "features.0.weight", "classifier.0.weight"),
                of("torchvision's DenseNet", "features.denseblock1.denselayer1.conv1.weight"),
                of("timm's EfficientNet", "conv_stem.weight", "blocks.0.0.conv_dw.weight"));

        private static Layout of(String title, String... marks) {
            return new Layout(title, List.of(marks));
        }

        /// The first layout all of whose marks are names, or ends of names after a dot.
        static Optional<Layout> recognise(Set<String> names) {
            return KNOWN.stream()
                    .filter(layout -> layout.marks.stream()
                            .allMatch(mark ->
                                    names.stream().anyMatch(name -> name.equals(mark) || name.endsWith("." + mark))))
                    .findFirst();
        }
    }
}
