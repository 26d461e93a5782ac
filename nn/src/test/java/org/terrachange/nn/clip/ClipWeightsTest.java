package org.terrachange.nn.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.TrainableLayers;

class ClipWeightsTest {
    private static final ClipConfiguration SMALL = new ClipConfiguration(
            "small",
            24,
            new ClipConfiguration.PatchTransformer(32, 16, 32, 2, 2),
            new ClipConfiguration.Text(16, 100, 16, 2, 2),
            Activation.GELU);

    @TempDir
    Path folder;

    private Parameters original;

    @BeforeEach
    void build() {
        original = network(7);
    }

    @AfterEach
    void release() {
        original.close();
    }

    private static Parameters network(long seed) {
        Parameters parameters = new Parameters();
        new ClipModel(SMALL, new TrainableLayers(parameters));
        parameters.allocate(seed);
        return parameters;
    }

    private Map<String, HostTensor> openClip() {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        original.all().forEach(p -> tensors.put(p.name(), HostCopies.toHost(p.tensor())));
        return tensors;
    }

    private static HostTensor tensor(Map<String, HostTensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /// Hugging Face's names, written from its model's description and not from the reader.
    private Map<String, HostTensor> huggingFace() {
        Map<String, HostTensor> result = new LinkedHashMap<>();
        Map<String, HostTensor> from = openClip();
        result.put("logit_scale", from.get("logit_scale"));
        result.put("text_model.embeddings.position_ids", HostTensor.ofLongs(new long[16], 1, 16));
        result.put("text_model.embeddings.token_embedding.weight", from.get("token_embedding.weight"));
        result.put("text_model.embeddings.position_embedding.weight", from.get("positional_embedding"));
        result.put("text_model.final_layer_norm.weight", from.get("ln_final.weight"));
        result.put("text_model.final_layer_norm.bias", from.get("ln_final.bias"));
        result.put("text_projection.weight", transposed(tensor(from, "text_projection")));
        result.put("vision_model.embeddings.class_embedding", from.get("visual.class_embedding"));
        result.put("vision_model.embeddings.patch_embedding.weight", from.get("visual.conv1.weight"));
        result.put("vision_model.embeddings.position_embedding.weight", from.get("visual.positional_embedding"));
        result.put("vision_model.embeddings.position_ids", HostTensor.ofLongs(new long[5], 1, 5));
        result.put("visual_projection.weight", transposed(tensor(from, "visual.proj")));
        for (String kind : List.of("weight", "bias")) {
            result.put("vision_model.pre_layrnorm." + kind, from.get("visual.ln_pre." + kind));
            result.put("vision_model.post_layernorm." + kind, from.get("visual.ln_post." + kind));
            for (int layer = 0; layer < 2; layer++) {
                layer(from, result, "visual.", "vision_model.", layer, kind, 32);
                layer(from, result, "", "text_model.", layer, kind, 16);
            }
        }
        return result;
    }

    private static void layer(
            Map<String, HostTensor> from,
            Map<String, HostTensor> to,
            String ours,
            String theirs,
            int layer,
            String kind,
            int width) {
        String a = ours + "transformer.resblocks." + layer + ".";
        String b = theirs + "encoder.layers." + layer + ".";
        to.put(b + "layer_norm1." + kind, from.get(a + "ln_1." + kind));
        to.put(b + "layer_norm2." + kind, from.get(a + "ln_2." + kind));
        to.put(b + "mlp.fc1." + kind, from.get(a + "mlp.c_fc." + kind));
        to.put(b + "mlp.fc2." + kind, from.get(a + "mlp.c_proj." + kind));
        to.put(b + "self_attn.out_proj." + kind, from.get(a + "attn.out_proj." + kind));
        float[] joined = tensor(from, a + "attn.in_proj_" + kind).toFloats();
        long[] shape = kind.equals("weight") ? new long[] {width, width} : new long[] {width};
        int third = joined.length / 3;
        List<String> parts = List.of("q_proj", "k_proj", "v_proj");
        for (int i = 0; i < 3; i++) {
            float[] part = Arrays.copyOfRange(joined, i * third, (i + 1) * third);
            to.put(b + "self_attn." + parts.get(i) + "." + kind, HostTensor.ofFloats(part, shape));
        }
    }

    private static HostTensor transposed(HostTensor matrix) {
        int rows = matrix.shape().getFirst().intValue();
        int columns = matrix.shape().getLast().intValue();
        float[] values = matrix.toFloats();
        float[] turned = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i % columns * rows + i / columns] = values[i];
        }
        return HostTensor.ofFloats(turned, columns, rows);
    }

    private Path written(String name, Map<String, HostTensor> tensors) throws IOException {
        Path file = folder.resolve(name);
        SafetensorsFile.write(file, StateDict.of(tensors, Map.of()));
        return file;
    }

    private void assertLoads(Path file) throws IOException {
        try (Parameters loaded = network(8)) {
            assertThat(ClipWeights.load(file, SMALL, loaded, _ -> true)).isEmpty();
            for (Parameter p : loaded.all()) {
                assertThat(HostCopies.toHost(p.tensor()).toFloats())
                        .as(p.name())
                        .containsExactly(
                                HostCopies.toHost(original.get(p.name()).tensor())
                                        .toFloats());
            }
        }
    }

    @Test
    void weightsInOpenClipsNamesAreReadBackEqual() throws IOException {
        assertLoads(written("plain.safetensors", openClip()));
    }

    @Test
    void weightsInHuggingFacesNamesAreReadBackEqual() throws IOException {
        assertLoads(written("model.safetensors", huggingFace()));
    }

    @Test
    void prefixesAndTheNumbersBesideTheWeightsAreLeftOut() throws IOException {
        Map<String, HostTensor> wrapped = new LinkedHashMap<>();
        openClip().forEach((name, tensor) -> wrapped.put("module." + name, tensor));
        assertLoads(written("wrapped.safetensors", wrapped));
        Map<String, HostTensor> scaled = openClip();
        scaled.put(
                "logit_scale", HostTensor.ofFloats(tensor(scaled, "logit_scale").toFloats(), 1));
        scaled.put("attn_mask", HostTensor.ofFloats(new float[4], 2, 2));
        assertLoads(written("scaled.safetensors", scaled));
    }

    /// OpenAI trained with QuickGELU, and its files are known by three numbers beside the weights.
    @Test
    void openAisOwnFilesWarnOfTheWrongActivation() throws IOException {
        Map<String, HostTensor> tensors = openClip();
        for (String extra : List.of("input_resolution", "context_length", "vocab_size")) {
            tensors.put(extra, HostTensor.ofLongs(new long[] {1}));
        }
        Path file = written("vit.safetensors", tensors);
        try (Parameters loaded = network(8)) {
            assertThat(ClipWeights.load(file, SMALL, loaded, _ -> true))
                    .singleElement()
                    .asString()
                    .contains("vit.safetensors", "quick_gelu", "small-quickgelu");
            assertThat(ClipWeights.load(file, SMALL.with(Activation.QUICK_GELU), loaded, _ -> true))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ViT-B-32-laion2b_s34b_b79k.safetensors, QUICK_GELU, gelu",
        "datacomp_xl_s13b_b90k.safetensors, QUICK_GELU, gelu",
        "ViT-B-32-laion400m_e32.safetensors, GELU, quick_gelu",
        "openai.safetensors, GELU, quick_gelu",
        "RS5M_ViT-B-32.safetensors, GELU, quick_gelu"
    })
    void namesOfKnownTrainingDataWarnOfTheWrongActivation(String name, Activation chosen, String trained)
            throws IOException {
        Path file = written(name, openClip());
        try (Parameters loaded = network(8)) {
            assertThat(ClipWeights.load(file, SMALL.with(chosen), loaded, _ -> true))
                    .singleElement()
                    .asString()
                    .contains(name, "trained with the activation " + trained + ",");
            Activation other = chosen == Activation.GELU ? Activation.QUICK_GELU : Activation.GELU;
            assertThat(ClipWeights.load(file, SMALL.with(other), loaded, _ -> true))
                    .isEmpty();
        }
    }

    @Test
    void anotherVocabularyIsRefusedByName() throws IOException {
        Map<String, HostTensor> tensors = openClip();
        tensors.put("token_embedding.weight", HostTensor.ofFloats(new float[90 * 16], 90, 16));
        Path file = written("other.safetensors", tensors);
        try (Parameters loaded = network(8)) {
            assertThatThrownBy(() -> ClipWeights.load(file, SMALL, loaded, _ -> true))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("other.safetensors")
                    .hasMessageContaining("vocabulary of 90 tokens where the configuration small has 100");
        }
    }

    @Test
    void anotherShapeAndMissingTensorsAreRefusedByName() throws IOException {
        Map<String, HostTensor> narrow = openClip();
        narrow.put("visual.proj", HostTensor.ofFloats(new float[32 * 12], 32, 12));
        Path file = written("narrow.safetensors", narrow);
        Map<String, HostTensor> less = openClip();
        less.remove("ln_final.bias");
        Path lacking = written("lacking.safetensors", less);
        try (Parameters loaded = network(8)) {
            assertThatThrownBy(() -> ClipWeights.load(file, SMALL, loaded, _ -> true))
                    .hasMessageContaining("does not fit the configuration small")
                    .hasMessageContaining("visual.proj ([32, 12] where [32, 24] is expected)");
            assertThatThrownBy(() -> ClipWeights.load(lacking, SMALL, loaded, _ -> true))
                    .hasMessageContaining("it lacks ln_final.bias");
        }
        Map<String, HostTensor> torn = huggingFace();
        torn.remove("text_model.encoder.layers.1.self_attn.k_proj.weight");
        assertThatThrownBy(() -> ClipWeights.openClipNames(StateDict.of(torn, Map.of())))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("text_model.encoder.layers.1.self_attn.k_proj.weight");
    }

    @Test
    void oneTowerCanBeReadWithoutTheOther() throws IOException {
        Path file = written("both.safetensors", openClip());
        try (Parameters loaded = network(8)) {
            ClipWeights.load(file, SMALL, loaded, p -> p.name().startsWith("visual."));
            assertThat(HostCopies.toHost(loaded.get("visual.proj").tensor()).toFloats())
                    .containsExactly(
                            HostCopies.toHost(original.get("visual.proj").tensor())
                                    .toFloats());
            assertThat(HostCopies.toHost(loaded.get("text_projection").tensor()).toFloats())
                    .isNotEqualTo(
                            HostCopies.toHost(original.get("text_projection").tensor())
                                    .toFloats());
        }
    }

    @Test
    void publishedSizesAreRecognisedByTheirShapes() throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        ClipWeights.shapes(ClipConfiguration.named("ViT-XS-16")).forEach((name, shape) -> {
            long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
            tensors.put(
                    name,
                    HostTensor.ofFloats(new float[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)], sizes));
        });
        StateDict state = StateDict.of(tensors, Map.of());
        assertThat(ClipWeights.recognise(state)).contains(ClipConfiguration.named("ViT-XS-16"));
        assertThat(ClipWeights.recognise(StateDict.of(openClip(), Map.of()))).isEmpty();
        try (Parameters loaded = network(8)) {
            tensors.remove("token_embedding.weight");
            assertThatThrownBy(() -> ClipWeights.load(state, SMALL, loaded)).hasMessageContaining("49408");
        }
    }

    @Test
    void aCheckpointIsPreparedForInferenceWithTheSameFeatures() throws IOException {
        Path file = written("openai-small.safetensors", huggingFace());
        Parameters parameters = new Parameters();
        ClipModel trainable = new ClipModel(SMALL, new TrainableLayers(parameters));
        parameters.allocate(7);
        try (parameters;
                PreparedClip prepared = PreparedClip.open(file, SMALL, ComputeMode.REFERENCE);
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor images = torch.randn(2, 3, 32, 32);
            Tensor expected =
                    trainable.imageTower().features(images, Mode.INFERENCE).tokens();
            Tensor actual = prepared.model()
                    .imageTower()
                    .features(images, Mode.INFERENCE)
                    .tokens();
            assertThat(actual.sub(expected).abs().max().item_double()).isLessThan(1e-5);
            assertThat(prepared.warnings()).singleElement().asString().contains("openai-small.safetensors");
        }
        Map<String, HostTensor> counted = openClip();
        counted.put("ln_final.bias", HostTensor.ofLongs(new long[16], 16));
        Path integers = written("integers.safetensors", counted);
        assertThatThrownBy(() -> PreparedClip.open(integers, SMALL, ComputeMode.REFERENCE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("integers.safetensors")
                .hasMessageContaining("ln_final.bias holds I64");
    }
}
