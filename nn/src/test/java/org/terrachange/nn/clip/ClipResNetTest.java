package org.terrachange.nn.clip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.PreparedLayers;
import org.terrachange.nn.transformer.TrainableLayers;

/// A small modified ResNet against outputs of the same network written with PyTorch 1.13's own modules, its
/// weights filled by a formula: `s = sin(0.7 i + 1.3 k)` for value i of the k-th name in order.
class ClipResNetTest {
    private static final ClipConfiguration.ModifiedResNet SIZES =
            new ClipConfiguration.ModifiedResNet(64, List.of(2, 1, 1, 1), 16);
    private static final float[] FIRST = {
        0.058981f, 0.569922f, 1.016989f, 1.356706f, 1.571448f, 1.668285f, 1.668486f, 1.593070f
    };
    private static final float[] SECOND = {
        0.058994f, 0.569818f, 1.016775f, 1.356397f, 1.571065f, 1.667853f, 1.668032f, 1.592625f
    };

    private static void fill(Parameters parameters) {
        parameters.allocate(0);
        List<Parameter> sorted = parameters.all().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
        for (int k = 0; k < sorted.size(); k++) {
            Parameter p = sorted.get(k);
            float[] values = new float[(int) p.size()];
            for (int i = 0; i < values.length; i++) {
                double s = Math.sin(0.7 * i + 1.3 * k);
                double value = 0.1 * s;
                if (p.shape().size() >= 2 && !p.name().contains("embedding")) {
                    value = 1.5 * s * Math.sqrt((double) p.shape().getFirst() / p.size());
                } else if (p.name().endsWith("running_var")) {
                    value = 1 + 0.5 * Math.abs(s);
                } else if (p.name().endsWith(".weight")) {
                    value = 1 + 0.1 * s;
                }
                values[i] = (float) value;
            }
            HostCopies.fill(p.tensor(), values);
        }
    }

    private static Tensor images() {
        float[] values = new float[2 * 3 * 64 * 64];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((float) (0.5 + 0.5 * Math.sin(0.013 * i + 0.3)) - 0.5f) * 3;
        }
        return torch.from_blob(new FloatPointer(values), 2, 3, 64, 64)
                .contiguous(torch.MemoryFormat.ChannelsLast)
                .clone();
    }

    private static void assertOriginal(ImageFeatures features) {
        float[] values = HostCopies.toHost(features.pooled()).toFloats();
        assertThat(values).hasSize(2 * 24);
        double absolute = 0;
        for (float value : values) {
            absolute += Math.abs(value);
        }
        assertThat(absolute).isCloseTo(54.53270, within(2e-4));
        assertThat(java.util.Arrays.copyOf(values, 8)).containsExactly(FIRST, within(2e-5f));
        assertThat(java.util.Arrays.copyOfRange(values, 24, 32)).containsExactly(SECOND, within(2e-5f));
        assertThat(features.rows()).isEqualTo(2);
        assertThat(features.tokens().size(1)).isEqualTo(4);
    }

    @Test
    void featuresEqualThoseOfPyTorchTrainableAndFolded() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ClipResNet trainable = new ClipResNet(SIZES, 24, "visual.", new TrainableLayers(parameters));
            assertThat(parameters.all()).hasSize(119);
            fill(parameters);
            assertOriginal(trainable.features(images(), Mode.INFERENCE));
            try (PreparedLayers folded =
                    new PreparedLayers(name -> parameters.get(name).tensor(), ComputeMode.REFERENCE)) {
                assertOriginal(new ClipResNet(SIZES, 24, "visual.", folded).features(images(), Mode.INFERENCE));
            }
        }
    }

    @Test
    void imagesOfAnotherSizeAreRefused() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            ClipResNet tower = new ClipResNet(SIZES, 24, "visual.", new TrainableLayers(parameters));
            parameters.allocate(0);
            assertThatThrownBy(() -> tower.features(torch.zeros(1, 3, 32, 64), Mode.INFERENCE))
                    .hasMessageContaining("[n, 3, 64, 64]")
                    .hasMessageContaining("[1, 3, 32, 64]");
        }
    }
}
