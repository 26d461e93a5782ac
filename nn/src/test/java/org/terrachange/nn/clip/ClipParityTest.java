package org.terrachange.nn.clip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.terrachange.nn.SharedData;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.Device;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.tensor.Precision;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.text.TokenBatch;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.PreparedLayers;
import org.terrachange.nn.transformer.TrainableLayers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A small CLIP against outputs of OpenAI's own model code, with weights filled by the formula that the fixed
/// numbers state.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClipParityTest {
    private JsonNode fixed;
    private Parameters parameters;
    private ClipConfiguration configuration;
    private ClipModel model;

    @BeforeAll
    void buildAndFill() throws Exception {
        fixed = JsonMapper.shared()
                .readTree(SharedData.file("parity/clip_small.json").toFile());
        configuration = new ClipConfiguration(
                "small",
                48,
                new ClipConfiguration.PatchTransformer(64, 16, 128, 3, 2),
                new ClipConfiguration.Text(77, 49408, 64, 4, 2),
                Activation.QUICK_GELU);
        parameters = new Parameters();
        model = new ClipModel(configuration, new TrainableLayers(parameters));
        parameters.allocate(0);
        List<Parameter> sorted = parameters.all().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
        for (int k = 0; k < sorted.size(); k++) {
            fill(sorted.get(k), k);
        }
    }

    @AfterAll
    void release() {
        if (parameters != null) {
            parameters.close();
        }
    }

    private static void fill(Parameter p, int k) {
        String name = p.name();
        boolean projection = (p.shape().size() == 2 || p.shape().size() == 4)
                && (name.contains("weight") || name.contains("proj"))
                && !name.contains("embedding");
        double gain = projection ? 1.5 * Math.sqrt((double) p.shape().getFirst() / p.size()) : 0.1;
        float[] values = new float[(int) p.size()];
        for (int i = 0; i < values.length; i++) {
            double s = Math.sin(0.7 * i + 1.3 * k);
            values[i] = (float)
                    (name.equals("logit_scale")
                            ? Math.log(1 / 0.07)
                            : name.contains("ln_") && name.endsWith("weight") ? 1 + 0.1 * s : gain * s);
        }
        HostCopies.fill(p.tensor(), values);
    }

    private static Tensor images() {
        float[] values = new float[2 * 3 * 64 * 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((float) (0.5 + 0.5 * Math.sin(0.013 * i + 0.3)) - 0.5f) * 3;
        }
        return torch.from_blob(new FloatPointer(values), 2, 3, 64, 64).clone();
    }

    private static double largestDifference(Tensor actual, JsonNode expected) {
        float[] values = HostCopies.toHost(actual).toFloats();
        assertThat(values).hasSize(expected.size() * expected.get(0).size());
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            double wanted = expected.get(i / expected.get(0).size())
                    .get(i % expected.get(0).size())
                    .asDouble();
            largest = Math.max(largest, Math.abs(values[i] - wanted));
        }
        return largest;
    }

    private Tensor ids(boolean padded) {
        List<String> texts =
                fixed.get("texts").valueStream().map(JsonNode::asString).toList();
        int context = configuration.text().context();
        TokenBatch batch = ClipTokenizer.shared().batch(texts, context);
        if (padded) {
            batch = batch.padded(context);
        }
        return torch.from_blob(
                        new LongPointer(batch.ids()),
                        new long[] {batch.rows(), batch.length()},
                        new TensorOptions(ScalarType.Long))
                .clone();
    }

    @Test
    void parametersHaveTheNamesAndShapesOfTheOriginal() {
        JsonNode shapes = fixed.get("shapes");
        assertThat(parameters.all())
                .extracting(Parameter::name)
                .containsExactlyInAnyOrderElementsOf(shapes.propertyNames());
        for (Parameter p : parameters.all()) {
            assertThat(p.shape())
                    .as(p.name())
                    .isEqualTo(shapes.get(p.name())
                            .valueStream()
                            .map(JsonNode::asLong)
                            .toList());
        }
    }

    @Test
    void imageAndTextFeaturesEqualTheOriginals() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor image = model.imageTower().features(images(), Mode.INFERENCE).pooled();
            assertThat(largestDifference(image, fixed.get("image_features"))).isLessThan(1e-4);
            for (boolean padded : new boolean[] {true, false}) {
                Tensor text = model.textTower().forward(ids(padded), ScalarType.Float);
                assertThat(largestDifference(text, fixed.get("text_features"))).isLessThan(1e-4);
            }
        }
    }

    @Test
    void preparedWeightsGiveTheSameFeaturesAndNearlyTheSameInBfloat16() {
        try (PreparedLayers exact =
                        new PreparedLayers(name -> parameters.get(name).tensor(), ComputeMode.REFERENCE);
                PreparedLayers half = new PreparedLayers(
                        name -> parameters.get(name).tensor(), new ComputeMode(Device.CPU, Precision.BF16));
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ClipModel prepared = new ClipModel(configuration, exact);
            Tensor image =
                    prepared.imageTower().features(images(), Mode.INFERENCE).pooled();
            assertThat(largestDifference(image, fixed.get("image_features"))).isLessThan(1e-4);
            ClipModel narrow = new ClipModel(configuration, half);
            Tensor coarse = narrow.imageTower()
                    .features(images().to(ScalarType.BFloat16), Mode.INFERENCE)
                    .pooled();
            assertThat(coarse.scalar_type().value).isEqualTo(ScalarType.BFloat16.value);
            assertThat(largestDifference(coarse, fixed.get("image_features"))).isLessThan(0.02);
            Tensor text = narrow.textTower().forward(ids(false), ScalarType.BFloat16);
            assertThat(largestDifference(text, fixed.get("text_features"))).isLessThan(0.02);
        }
    }
}
