package org.terrachange.nn.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.nn.clip.ImageFeatures;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.Device;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.tensor.Precision;
import org.terrachange.nn.transformer.PreparedLayers;
import org.terrachange.nn.transformer.TrainableLayers;

/// What holds for every change encoder.
class ChangeEncoderContractTest {
    private static final int D = 32;
    private static final int N = 3;
    private static final int ROWS = 3;
    private static final int COLUMNS = 5;

    /// The names under which checkpoints hold these parameters, blocks and layers abbreviated.
    private static final Map<ChangeStrategy, List<String>> NAMES = Map.of(
            ChangeStrategy.DIFFERENCE,
            List.of("change.no_change"),
            ChangeStrategy.CONCAT,
            List.of(
                    "change.ln.weight",
                    "change.ln.bias",
                    "change.mlp.c_fc.weight",
                    "change.mlp.c_fc.bias",
                    "change.mlp.c_proj.weight",
                    "change.mlp.c_proj.bias"),
            ChangeStrategy.LEARNED,
            List.of(
                    "change.ln.weight",
                    "change.ln.bias",
                    "change.mlp.c_fc.weight",
                    "change.mlp.c_fc.bias",
                    "change.mlp.c_proj.weight",
                    "change.mlp.c_proj.bias"),
            ChangeStrategy.CROSS_ATTENTION,
            List.of(
                    "change.ln_in.weight",
                    "change.date_embedding",
                    "change.blocks.0.ln_1.weight",
                    "change.blocks.0.attn.in_proj_weight",
                    "change.blocks.1.attn.out_proj.bias",
                    "change.blocks.1.mlp.c_proj.weight",
                    "change.ln_out.bias",
                    "change.fuse.c_fc.weight",
                    "change.pool.query",
                    "change.pool.ln.weight",
                    "change.pool.attn.in_proj_bias"),
            ChangeStrategy.FREQUENCY,
            List.of(
                    "change.ln_in.bias",
                    "change.frequency.radius",
                    "change.frequency.log_softness",
                    "change.detail.weight",
                    "change.context.bias",
                    "change.spatial.resblocks.0.attn.in_proj_weight",
                    "change.spatial.resblocks.0.mlp.c_fc.bias",
                    "change.pool.query",
                    "change.pool.attn.out_proj.weight"));

    private static Tensor random(long seed, long... shape) {
        Random random = new Random(seed);
        long size = 1;
        for (long s : shape) {
            size *= s;
        }
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Tensor tensor = torch.from_blob(new FloatPointer(values), shape).clone();
        tensor.set_requires_grad(true);
        return tensor;
    }

    private static ImageFeatures features(long seed) {
        return new ImageFeatures(random(seed, N, D), random(seed + 1000, N, ROWS * COLUMNS, D), ROWS, COLUMNS);
    }

    private static double distance(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item_double();
    }

    private static void assertUnit(Tensor vectors) {
        assertThat(new long[] {vectors.size(0), vectors.size(1)}).containsExactly(N, D);
        assertThat(vectors.scalar_type().value).isEqualTo(ScalarType.Float.value);
        float[] values = HostCopies.toHost(vectors).toFloats();
        for (int row = 0; row < N; row++) {
            double square = 0;
            for (int i = 0; i < D; i++) {
                square += values[row * D + i] * values[row * D + i];
            }
            assertThat(Math.sqrt(square)).isCloseTo(1, within(1e-4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void vectorsHaveTheShapeOfTheJointSpaceAndLengthOne(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            ChangeEncoder encoder = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            assertThat(encoder.strategy()).isEqualTo(strategy);
            assertUnit(encoder.forward(features(1), features(2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsReachBothDatesAndEveryParameter(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            ChangeEncoder encoder = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            ImageFeatures before = features(1);
            ImageFeatures after = features(2);
            encoder.forward(before, after).mul(random(9, N, D)).sum().backward();
            for (ImageFeatures date : List.of(before, after)) {
                assertThat(date.pooled().grad().abs().max().item_double()).isGreaterThan(1e-5);
                boolean usesTokens = strategy == ChangeStrategy.CROSS_ATTENTION || strategy == ChangeStrategy.FREQUENCY;
                assertThat(date.tokens().grad().defined()).isEqualTo(usesTokens);
                if (usesTokens) {
                    assertThat(date.tokens().grad().abs().max().item_double()).isGreaterThan(1e-6);
                }
            }
            for (Parameter p : parameters.all()) {
                assertThat(p.tensor().grad().abs().max().item_double())
                        .as(p.name())
                        .isGreaterThan(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void swappingTheDatesGivesAnotherVector(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ChangeEncoder encoder = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            Tensor forth = encoder.forward(features(1), features(2));
            Tensor back = encoder.forward(features(2), features(1));
            assertThat(distance(forth, back)).isGreaterThan(0.05);
        }
    }

    @ParameterizedTest
    @EnumSource
    void identicalDatesGiveAVectorOfLengthOneAndFiniteGradients(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            ChangeEncoder encoder = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            ImageFeatures before = features(4);
            ImageFeatures after = features(4);
            Tensor vectors = encoder.forward(before, after);
            assertUnit(vectors);
            vectors.mul(random(9, N, D)).sum().backward();
            assertThat(parameters.gradients().isfinite().all().item_bool()).isTrue();
            assertThat(before.pooled().grad().isfinite().all().item_bool()).isTrue();
            assertThat(after.pooled().grad().isfinite().all().item_bool()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void featuresOfZerosGiveNoNumbersThatAreNone(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ChangeEncoder encoder = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            ImageFeatures zeros =
                    new ImageFeatures(torch.zeros(N, D), torch.zeros(N, ROWS * COLUMNS, D), ROWS, COLUMNS);
            assertThat(encoder.forward(zeros, zeros).isfinite().all().item_bool())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void preparedWeightsGiveTheSameVectorsAndNearlyTheSameInBfloat16(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ChangeEncoder trainable = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            Tensor expected = trainable.forward(features(1), features(2));
            try (PreparedLayers exact =
                            new PreparedLayers(name -> parameters.get(name).tensor(), ComputeMode.REFERENCE);
                    PreparedLayers half = new PreparedLayers(
                            name -> parameters.get(name).tensor(), new ComputeMode(Device.CPU, Precision.BF16))) {
                assertThat(distance(strategy.build(D, exact).forward(features(1), features(2)), expected))
                        .isLessThan(1e-6);
                Tensor coarse = strategy.build(D, half).forward(bfloat16(features(1)), bfloat16(features(2)));
                assertThat(coarse.scalar_type().value).isEqualTo(ScalarType.Float.value);
                assertThat(distance(coarse, expected)).isLessThan(0.05);
            }
        }
    }

    private static ImageFeatures bfloat16(ImageFeatures features) {
        return new ImageFeatures(
                features.pooled().to(ScalarType.BFloat16),
                features.tokens().to(ScalarType.BFloat16),
                features.rows(),
                features.columns());
    }

    @ParameterizedTest
    @EnumSource
    void pairsOfABatchDoNotMix(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ChangeEncoder encoder = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            ImageFeatures before = features(1);
            ImageFeatures after = features(2);
            Tensor all = encoder.forward(before, after);
            for (int i = 0; i < N; i++) {
                Tensor one = encoder.forward(before.images(i, 1), after.images(i, 1));
                assertThat(distance(one, all.narrow(0, i, 1))).isLessThan(1e-5);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void datesOfAnotherShapeAreRefused(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope()) {
            ChangeEncoder encoder = strategy.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            assertThatThrownBy(() -> encoder.forward(features(1), features(2).images(0, 2)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[3, 32]")
                    .hasMessageContaining("[2, 32]");
            ImageFeatures turned = new ImageFeatures(random(1, N, D), random(2, N, ROWS * COLUMNS, D), COLUMNS, ROWS);
            assertThatThrownBy(() -> encoder.forward(features(1), turned))
                    .hasMessageContaining("3x5")
                    .hasMessageContaining("5x3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void parametersKeepTheirNames(ChangeStrategy strategy) {
        try (Parameters parameters = new Parameters()) {
            strategy.build(D, new TrainableLayers(parameters));
            assertThat(parameters.all())
                    .extracting(Parameter::name)
                    .containsAll(NAMES.get(strategy))
                    .allMatch(name -> name.startsWith("change."));
        }
    }

    @ParameterizedTest
    @EnumSource
    void strategiesAreFoundByTheirPublishedNames(ChangeStrategy strategy) {
        assertThat(ChangeStrategy.parse(strategy.label())).isEqualTo(strategy);
    }

    @Test
    void unknownStrategiesAndOddWidthsAreRefused() {
        assertThatThrownBy(() -> ChangeStrategy.parse("sum"))
                .hasMessage("unknown strategy \"sum\": choose difference, concat, learned, cross_attn, fst");
        try (Parameters parameters = new Parameters()) {
            assertThatThrownBy(() -> ChangeStrategy.FREQUENCY.build(30, new TrainableLayers(parameters)))
                    .hasMessageContaining("30");
        }
        try (var _ = new PointerScope()) {
            assertThatThrownBy(() -> new ImageFeatures(random(1, N, D), random(2, ROWS * COLUMNS, N, D), ROWS, COLUMNS))
                    .as("sequence before batch")
                    .hasMessageContaining("[15, 3, 32]");
        }
    }

    /// Where nothing changed the difference has no direction; the learned one stands in.
    @Test
    void identicalDatesGiveTheLearnedDirectionUnderDifference() {
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ChangeEncoder encoder = ChangeStrategy.DIFFERENCE.build(D, new TrainableLayers(parameters));
            parameters.allocate(1);
            Tensor direction = parameters.get("change.no_change").tensor();
            Tensor unit = direction.div(direction.norm());
            assertThat(distance(
                            encoder.forward(features(1), features(1)),
                            unit.view(1, D).expand(N, D)))
                    .isLessThan(1e-4);
        }
    }
}
