package org.terrachange.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.nn.distributed.GradientBuckets;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.distributed.Together;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameters;

class SynchronisedNormTest {
    private static final int N = 6;
    private static final int CHANNELS = 3;
    private static final int SIZE = 5;
    private static final int IMAGE = CHANNELS * SIZE * SIZE;

    /// Two layers after a backward pass.
    private record Outcome(float[] gradients, float[] statistics) {}

    /// Two convolutions with normalisation over the examples of a process, and the mean of their gradients over all.
    private static Outcome pass(ProcessGroup group, Mode mode) {
        try (var _ = new PointerScope();
                Parameters parameters = new Parameters()) {
            TrainableConvs convs = new TrainableConvs(parameters, group);
            ConvUnit first = convs.make(ConvSpec.normalised("a", "an", CHANNELS, 8, 3, 1, true));
            ConvUnit second = convs.make(ConvSpec.normalised("b", "bn", 8, 4, 3, 2, false));
            parameters.allocate(3);
            try (GradientBuckets buckets = new GradientBuckets(parameters, group)) {
                Tensor x = examples(group).contiguous(torch.MemoryFormat.ChannelsLast);
                Tensor y = second.forward(first.forward(x, mode), mode);
                Tensor loss = y.sub(new Scalar(0.3)).pow(new Scalar(4.0)).mean();
                buckets.overlapNextPass();
                loss.backward();
                buckets.finish();
                return new Outcome(
                        HostCopies.toHost(parameters.gradients()).toFloats(),
                        HostCopies.toHost(parameters.statistics()).toFloats());
            }
        }
    }

    /// Of different means and widths, so that the statistics of a part are not those of the whole.
    private static Tensor examples(ProcessGroup group) {
        Random random = new Random(5);
        float[] all = new float[N * IMAGE];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) (2 * (i / IMAGE) + random.nextGaussian() * (1 + i / IMAGE));
        }
        int own = group.share().of(N);
        float[] part = new float[own * IMAGE];
        for (int i = 0; i < own; i++) {
            System.arraycopy(all, (int) group.share().place(i) * IMAGE, part, i * IMAGE, IMAGE);
        }
        return torch.from_blob(new FloatPointer(part), own, CHANNELS, SIZE, SIZE)
                .clone();
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f * (1 + Math.abs(expected[i]))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theBatchOfAllProcessesIsNormalisedAsOne(int processes) throws Exception {
        Outcome alone = pass(ProcessGroup.alone(), Mode.TRAINING);

        List<Outcome> together = Together.run(processes, group -> pass(group, Mode.TRAINING));

        for (Outcome one : together) {
            assertClose(one.gradients(), alone.gradients());
            assertClose(one.statistics(), alone.statistics());
        }
    }

    @Test
    void aRehearsalLeavesTheStatisticsAsTheyAre() throws Exception {
        Outcome alone = pass(ProcessGroup.alone(), Mode.REHEARSAL);

        List<Outcome> together = Together.run(2, group -> pass(group, Mode.REHEARSAL));

        for (Outcome one : together) {
            assertClose(one.gradients(), alone.gradients());
            assertThat(one.statistics()).isEqualTo(alone.statistics());
        }
    }
}
