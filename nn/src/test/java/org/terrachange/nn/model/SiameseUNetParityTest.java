package org.terrachange.nn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.terrachange.nn.SharedData;
import org.terrachange.nn.layer.FoldedConvs;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.Device;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.tensor.Precision;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The layout `terrachange-v1` against outputs of the original Python model, with weights filled by the
/// formula that the fixed numbers state.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiameseUNetParityTest {
    private JsonNode fixed;
    private Parameters parameters;
    private ChangeNetwork network;

    @BeforeAll
    void buildAndFill() throws Exception {
        fixed = JsonMapper.shared()
                .readTree(SharedData.file("parity/siamese_unet.json").toFile());
        parameters = new Parameters();
        network = ChangeLayout.TERRACHANGE_V1.build(new TrainableConvs(parameters));
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
        float[] values = new float[(int) p.size()];
        boolean conv = p.shape().size() == 4;
        double gain = conv
                ? Math.sqrt(
                        2.0 / (p.shape().get(1) * p.shape().get(2) * p.shape().get(3)))
                : 0;
        boolean normWeight = !conv && p.name().endsWith(".weight");
        for (int i = 0; i < values.length; i++) {
            double s = Math.sin(0.7 * i + 1.3 * k);
            double value;
            if (conv) {
                value = s * gain;
            } else if (p.name().endsWith("running_var")) {
                value = 1 + 0.5 * Math.abs(s);
            } else if (normWeight) {
                value = 1 + 0.1 * s;
            } else {
                value = 0.1 * s;
            }
            values[i] = (float) value;
        }
        HostCopies.fill(p.tensor(), values);
    }

    private static Tensor image(double phase) {
        float[] values = new float[2 * 3 * 64 * 96];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 + 0.5 * Math.sin(0.013 * i + phase));
        }
        return torch.from_blob(new FloatPointer(values), 2, 3, 64, 96).clone();
    }

    private double largestDifference(ChangeNetwork net, ComputeMode mode) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor before = image(0).to(mode.precision().scalarType()).contiguous(torch.MemoryFormat.ChannelsLast);
            Tensor after = image(0.9).to(mode.precision().scalarType()).contiguous(torch.MemoryFormat.ChannelsLast);
            float[] logits = HostCopies.toHost(net.forward(before, after, Mode.INFERENCE))
                    .toFloats();
            JsonNode expected = fixed.get("logits");
            assertThat(logits).hasSize(expected.size());
            double largest = 0;
            for (int i = 0; i < logits.length; i++) {
                largest = Math.max(largest, Math.abs(logits[i] - expected.get(i).asDouble()));
            }
            return largest;
        }
    }

    @Test
    void hasTheParametersOfTheOriginal() {
        assertThat(parameters.learnedSize()).isEqualTo(fixed.get("parameters").asLong());
    }

    @Test
    void encoderFeaturesEqualTheOriginals() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ResNet encoder = new ResNet(
                    ResNet.Depth.RESNET50,
                    4,
                    "encoder.",
                    new FoldedConvs(name -> parameters.get(name).tensor(), ComputeMode.REFERENCE));
            List<Tensor> features = encoder.forward(image(0), Mode.INFERENCE);
            for (int c = 0; c < 5; c++) {
                JsonNode expected = fixed.get("features_of_before").get("c" + (c + 1));
                float[] values = HostCopies.toHost(features.get(c)).toFloats();
                double mean = 0;
                for (float v : values) {
                    mean += v;
                }
                mean /= values.length;
                double scale = expected.get("std").asDouble();
                assertThat(mean).isCloseTo(expected.get("mean").asDouble(), within(1e-4 * scale));
                for (int i = 0; i < 8; i++) {
                    assertThat((double) values[i])
                            .isCloseTo(expected.get("first8").get(i).asDouble(), within(1e-3 * scale));
                }
            }
        }
    }

    @Test
    void logitsOfTheTrainableNetworkEqualTheOriginals() {
        assertThat(largestDifference(network, ComputeMode.REFERENCE)).isLessThan(2e-4);
    }

    @Test
    void foldingTheNormalisationKeepsTheLogits() {
        FoldedConvs folded = new FoldedConvs(name -> parameters.get(name).tensor(), ComputeMode.REFERENCE);
        assertThat(largestDifference(ChangeLayout.TERRACHANGE_V1.build(folded), ComputeMode.REFERENCE))
                .isLessThan(1e-4);
    }

    @Test
    void bfloat16StaysNearTheOriginal() {
        FoldedConvs folded =
                new FoldedConvs(name -> parameters.get(name).tensor(), new ComputeMode(Device.CPU, Precision.BF16));
        JsonNode logits = fixed.get("logits");
        double spread = 0;
        for (int i = 0; i < logits.size(); i++) {
            spread = Math.max(spread, Math.abs(logits.get(i).asDouble()));
        }
        assertThat(largestDifference(
                        ChangeLayout.TERRACHANGE_V1.build(folded), new ComputeMode(Device.CPU, Precision.BF16)))
                .isLessThan(0.1 * spread);
    }
}
