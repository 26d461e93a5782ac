package org.terrachange.nn.distributed;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// Averages the gradients of a network over the processes, in buckets that travel while the backward pass goes on.
///
/// libtorch's own Reducer does the same with copies of the gradients in buckets of its own and expects one backward
/// pass a step. Here gradients lie in one flat tensor already, so that a bucket is a piece of it and nothing is
/// copied, and a step may make any number of passes of which the last one overlaps.
///
/// Buckets travel in one order in all processes, from the last layers, whose gradients come first, to the first.
public final class GradientBuckets implements AutoCloseable {
    /// Large enough that the start of an exchange does not count, small enough that several overlap.
    private static final long BUCKET_VALUES = 2_000_000;

    private final Parameters parameters;
    private final ProcessGroup group;
    private final List<Bucket> buckets = new ArrayList<>();
    private final List<Runnable> pending = new ArrayList<>();
    private final VoidTensorHook hook;
    private boolean overlaps;

    /// Gradients that travel together.
    private static final class Bucket {
        private final Tensor values;
        private final List<Tensor> gradients;
        private final long[] versions;

        /// @param values the piece of the flat tensor that `gradients` are views of
        Bucket(Tensor values, List<Tensor> gradients) {
            this.values = values;
            this.gradients = List.copyOf(gradients);
            versions = new long[gradients.size()];
        }

        /// Remembers what the gradients are before a pass.
        void mark() {
            for (int i = 0; i < versions.length; i++) {
                versions[i] = gradients.get(i)._version();
            }
        }

        /// Whether the pass has added to all gradients.
        boolean complete() {
            for (int i = 0; i < versions.length; i++) {
                if (gradients.get(i)._version() == versions[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /// @param parameters allocated, and frozen as far as they shall be
    public GradientBuckets(Parameters parameters, ProcessGroup group) {
        this.parameters = parameters;
        this.group = group;
        hook = new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                advance();
            }
        };
        if (group.isAlone()) {
            return;
        }
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            long end = divide(Parameter.Kind.WEIGHT, 0);
            divide(Parameter.Kind.UNDECAYED, end);
        }
        for (Parameter parameter : parameters.all()) {
            if (learns(parameter)) {
                parameter.tensor().register_hook(hook);
            }
        }
    }

    private static boolean learns(Parameter parameter) {
        return parameter.kind() != Parameter.Kind.BUFFER && !parameter.frozen();
    }

    /// Cuts the gradients of one kind, last parameters first.
    ///
    /// @param start where they begin in the flat tensor
    /// @return where they end
    private long divide(Parameter.Kind kind, long start) {
        List<Bucket> cut = new ArrayList<>();
        List<Tensor> members = new ArrayList<>();
        long from = start;
        long at = start;
        for (Parameter parameter : parameters.all()) {
            if (parameter.kind() != kind) {
                continue;
            }
            if (parameter.frozen() || at - from >= BUCKET_VALUES) {
                close(cut, members, from, at);
                from = at;
            }
            at += parameter.size();
            if (parameter.frozen()) {
                from = at;
            } else {
                Tensor gradient = parameter.tensor().grad();
                gradient.retainReference();
                members.add(gradient);
            }
        }
        close(cut, members, from, at);
        buckets.addAll(cut.reversed());
        return at;
    }

    private void close(List<Bucket> cut, List<Tensor> members, long from, long to) {
        if (members.isEmpty()) {
            return;
        }
        Tensor values = parameters.gradients().narrow(0, from, to - from);
        values.retainReference();
        cut.add(new Bucket(values, members));
        members.clear();
    }

    /// Announces the last backward pass of a step: from now on, whatever is complete travels.
    public void overlapNextPass() {
        if (group.isAlone()) {
            return;
        }
        buckets.forEach(Bucket::mark);
        overlaps = true;
    }

    /// Sends what is complete. Called before a gradient is added to its parameter's, so that the one at hand goes
    /// with a later call.
    private void advance() {
        while (overlaps
                && pending.size() < buckets.size()
                && buckets.get(pending.size()).complete()) {
            send();
        }
    }

    private void send() {
        pending.add(group.beginSum(buckets.get(pending.size()).values));
    }

    /// Ends a step: afterwards the gradients are the mean over all processes.
    public void finish() {
        if (group.isAlone()) {
            return;
        }
        overlaps = false;
        while (pending.size() < buckets.size()) {
            send();
        }
        pending.forEach(Runnable::run);
        pending.clear();
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            parameters.gradients().mul_(new Scalar(1.0 / group.share().size()));
        }
    }

    @Override
    public void close() {
        for (Bucket bucket : buckets) {
            bucket.gradients.forEach(Tensor::close);
            bucket.values.close();
        }
        buckets.clear();
        hook.close();
    }
}
