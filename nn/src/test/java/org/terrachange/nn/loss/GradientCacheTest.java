package org.terrachange.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.model.SimClrNetwork;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameters;

class GradientCacheTest {
    private static final int PARTS = 3;
    private static final int ROWS = 4;
    private static final int SIZE = 32;

    private static float[] images(int part) {
        Random random = new Random(40 + part);
        float[] values = new float[ROWS * 3 * SIZE * SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static Tensor tensor(int part) {
        return torch.from_blob(new FloatPointer(images(part)), ROWS, 3, SIZE, SIZE)
                .contiguous(torch.MemoryFormat.ChannelsLast);
    }

    /// The first half of each part's rows are one view, the second half the other.
    private static Tensor loss(Tensor all) {
        Tensor[] first = new Tensor[PARTS];
        Tensor[] second = new Tensor[PARTS];
        for (int part = 0; part < PARTS; part++) {
            first[part] = all.narrow(0, part * ROWS, ROWS / 2);
            second[part] = all.narrow(0, part * ROWS + ROWS / 2, ROWS / 2);
        }
        return NtXent.of(torch.cat(new TensorVector(first), 0), torch.cat(new TensorVector(second), 0), 0.5);
    }

    @Test
    void gradientsLossAndRunningStatisticsAreThoseOfThePlainLargeBatch() {
        try (Parameters plain = new Parameters();
                Parameters cached = new Parameters()) {
            SimClrNetwork whole = new SimClrNetwork(ResNet.Depth.RESNET18, plain);
            SimClrNetwork parts = new SimClrNetwork(ResNet.Depth.RESNET18, cached);
            plain.allocate(3);
            cached.allocate(3);
            double expected;
            try (var _ = new PointerScope()) {
                Tensor[] embeddings = new Tensor[PARTS];
                for (int part = 0; part < PARTS; part++) {
                    embeddings[part] = whole.embeddings(tensor(part), Mode.TRAINING);
                }
                Tensor loss = loss(torch.cat(new TensorVector(embeddings), 0));
                loss.backward();
                expected = loss.item_double();
            }
            double actual = GradientCache.backward(
                    PARTS,
                    part -> parts.embeddings(tensor(part), Mode.REHEARSAL),
                    part -> parts.embeddings(tensor(part), Mode.TRAINING),
                    GradientCacheTest::loss);
            assertThat(actual).isCloseTo(expected, within(1e-6));
            assertThat(distance(plain.gradients(), cached.gradients())).isLessThan(1e-5);
            assertThat(distance(plain.statistics(), cached.statistics())).isLessThan(1e-6);
            assertThat(length(cached.gradients())).isGreaterThan(1e-3);
        }
    }

    private static double length(Tensor tensor) {
        try (var _ = new PointerScope()) {
            return tensor.norm().item_double();
        }
    }

    /// The largest difference, over the larger of 1 and the largest value.
    private static double distance(Tensor a, Tensor b) {
        float[] x = HostCopies.toHost(a).toFloats();
        float[] y = HostCopies.toHost(b).toFloats();
        double difference = 0;
        double most = 1;
        for (int i = 0; i < x.length; i++) {
            difference = Math.max(difference, Math.abs(x[i] - y[i]));
            most = Math.max(most, Math.abs(x[i]));
        }
        return difference / most;
    }
}
