package org.terrachange.nn.optim;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.tensor.Parameters;

/// An exponential moving average of a network's values and running statistics. It scores better than the last
/// step's weights all through training, above all while the learning rate is high (Polyak and Juditsky 1992).
public final class WeightAverage implements AutoCloseable {
    private final Parameters parameters;
    private final double decay;
    private final Tensor values;
    private final Tensor statistics;
    private long updates;

    /// @param decay share of the old average that stays, such as 0.998; early updates use less
    public WeightAverage(Parameters parameters, double decay) {
        this.parameters = parameters;
        this.decay = decay;
        try (var _ = new NoGradGuard()) {
            values = parameters.values().clone();
            statistics = parameters.statistics().clone();
        }
        values.retainReference();
        statistics.retainReference();
    }

    /// Takes the present values in.
    public void update() {
        updates++;
        double keep = Math.min(decay, (1.0 + updates) / (10.0 + updates));
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            values.lerp_(parameters.values(), new Scalar(1 - keep));
            statistics.lerp_(parameters.statistics(), new Scalar(1 - keep));
        }
    }

    /// Exchanges the average with the network's present values; a second call puts them back.
    public void swap() {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            swap(values, parameters.values());
            swap(statistics, parameters.statistics());
        }
    }

    private static void swap(Tensor a, Tensor b) {
        Tensor held = a.clone();
        a.copy_(b);
        b.copy_(held);
    }

    /// The averaged values, in the order of [Parameters#values]. Owned by this object.
    public Tensor values() {
        return values;
    }

    /// The averaged running statistics. Owned by this object.
    public Tensor statistics() {
        return statistics;
    }

    public long updates() {
        return updates;
    }

    /// Continues a run: the averages were copied into [#values] and [#statistics].
    public void resumeAt(long update) {
        updates = update;
    }

    @Override
    public void close() {
        values.close();
        statistics.close();
    }
}
