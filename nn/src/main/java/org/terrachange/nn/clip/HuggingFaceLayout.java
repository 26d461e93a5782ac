package org.terrachange.nn.clip;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.StateDict;

/// The names by which Hugging Face's `CLIPModel` stores a CLIP with a vision transformer, brought to those of
/// open_clip: queries, keys and values become one projection, the projections to the joint space are
/// transposed, and `pre_layrnorm`, so spelt there, becomes `ln_pre`.
final class HuggingFaceLayout {
    static final String MARK = "vision_model.embeddings.class_embedding";

    private static final Set<String> IGNORED =
            Set.of("vision_model.embeddings.position_ids", "text_model.embeddings.position_ids");

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry(MARK, "visual.class_embedding"),
            Map.entry("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"),
            Map.entry("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
            Map.entry("vision_model.pre_layrnorm.weight", "visual.ln_pre.weight"),
            Map.entry("vision_model.pre_layrnorm.bias", "visual.ln_pre.bias"),
            Map.entry("vision_model.post_layernorm.weight", "visual.ln_post.weight"),
            Map.entry("vision_model.post_layernorm.bias", "visual.ln_post.bias"),
            Map.entry("text_model.embeddings.token_embedding.weight", "token_embedding.weight"),
            Map.entry("text_model.embeddings.position_embedding.weight", "positional_embedding"),
            Map.entry("text_model.final_layer_norm.weight", "ln_final.weight"),
            Map.entry("text_model.final_layer_norm.bias", "ln_final.bias"),
            Map.entry("logit_scale", "logit_scale"));

    private static final Map<String, String> TRANSPOSED =
            Map.of("visual_projection.weight", "visual.proj", "text_projection.weight", "text_projection");

    private static final Pattern BLOCK =
            Pattern.compile("(vision|text)_model\\.encoder\\.layers\\.(\\d+)\\.(.+)\\.(weight|bias)");

    private static final Map<String, String> IN_BLOCK = Map.of(
            "layer_norm1", "ln_1.",
            "layer_norm2", "ln_2.",
            "self_attn.out_proj", "attn.out_proj.",
            "mlp.fc1", "mlp.c_fc.",
            "mlp.fc2", "mlp.c_proj.");

    private static final Set<String> QUERY_KEY_VALUE =
            Set.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

    private HuggingFaceLayout() {}

    /// The same weights in open_clip's names; names that this layout does not have stay as they are.
    ///
    /// @throws CheckpointException where a layer has queries without keys or values, or in other shapes
    static StateDict toOpenClip(StateDict state) throws CheckpointException {
        Map<String, HostTensor> result = new LinkedHashMap<>();
        for (Map.Entry<String, HostTensor> entry : state.tensors().entrySet()) {
            String name = entry.getKey();
            HostTensor tensor = entry.getValue();
            Matcher block = BLOCK.matcher(name);
            if (IGNORED.contains(name)) {
                continue;
            }
            if (TRANSPOSED.containsKey(name)) {
                result.put(TRANSPOSED.get(name), transposed(state, name));
            } else if (block.matches()) {
                String prefix = (block.group(1).equals("vision") ? "visual." : "") + "transformer.resblocks."
                        + block.group(2) + ".";
                String part = block.group(3);
                String kind = block.group(4);
                if (IN_BLOCK.containsKey(part)) {
                    result.put(prefix + IN_BLOCK.get(part) + kind, tensor);
                } else if (part.equals("self_attn.q_proj")) {
                    result.put(prefix + "attn.in_proj_" + kind, joined(state, name));
                } else if (!QUERY_KEY_VALUE.contains(part)) {
                    result.put(name, tensor);
                }
            } else {
                result.put(NAMES.getOrDefault(name, name), tensor);
            }
        }
        return state.withTensors(result);
    }

    /// Rows of queries, then keys, then values.
    private static HostTensor joined(StateDict state, String queries) throws CheckpointException {
        HostTensor first = state.get(queries);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String part : List.of("q_proj", "k_proj", "v_proj")) {
            String name = queries.replace("q_proj", part);
            HostTensor tensor = state.get(name);
            if (tensor.shape().isEmpty() || !tensor.shape().equals(first.shape()) || tensor.type() != first.type()) {
                throw new CheckpointException(
                        state.source(),
                        "has " + name + " as " + tensor.type() + " " + tensor.shape() + " beside queries of "
                                + first.type() + " " + first.shape());
            }
            bytes.writeBytes(tensor.data().toArray(ValueLayout.JAVA_BYTE));
        }
        List<Long> shape = new java.util.ArrayList<>(first.shape());
        shape.set(0, 3 * shape.getFirst());
        return new HostTensor(first.type(), shape, MemorySegment.ofArray(bytes.toByteArray()));
    }

    private static HostTensor transposed(StateDict state, String name) throws CheckpointException {
        HostTensor tensor = state.get(name);
        if (tensor.shape().size() != 2) {
            throw new CheckpointException(state.source(), name + " is no matrix but " + tensor.shape());
        }
        float[] values = state.toFloats(name);
        int rows = Math.toIntExact(tensor.shape().getFirst());
        int columns = Math.toIntExact(tensor.shape().getLast());
        float[] turned = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = values[row * columns + column];
            }
        }
        return HostTensor.ofFloats(turned, columns, rows);
    }
}
