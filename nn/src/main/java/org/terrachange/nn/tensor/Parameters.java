package org.terrachange.nn.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.tensor.Parameter.Kind;

/// The named tensors of one network, their gradients, and the memory behind them.
///
/// All learned values lie in one flat float32 tensor, decayed weights first, and all gradients in a second one
/// of the same order; each parameter is a view into it. An optimizer then works on two long vectors instead of
/// hundreds of short ones, and a snapshot is one copy.
public final class Parameters implements AutoCloseable {
    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final List<Tensor> owned = new ArrayList<>();
    private List<Tensor> storage = List.of();
    private long weights;

    /// Declares a parameter. Layers call this while a network is put together.
    ///
    /// @throws IllegalStateException if the name is taken or values are already allocated
    public Parameter declare(String name, Kind kind, Initializer initializer, long... shape) {
        if (!storage.isEmpty()) {
            throw new IllegalStateException("cannot add " + name + ": values are already allocated");
        }
        List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
        Parameter parameter = new Parameter(name, sizes, kind, initializer);
        if (byName.putIfAbsent(name, parameter) != null) {
            throw new IllegalStateException("two parameters are named " + name);
        }
        return parameter;
    }

    /// Gives every parameter its first values. The same seed gives the same values whatever else the network
    /// holds, since each parameter draws from a generator of its own.
    public void allocate(long seed) {
        allocate(seed, Device.CPU);
    }

    /// [#allocate(long)] on a device; the values do not depend on it.
    public void allocate(long seed, Device device) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            long learned = 0;
            long buffers = 0;
            for (Parameter p : byName.values()) {
                switch (p.kind()) {
                    case WEIGHT, UNDECAYED -> learned += p.size();
                    case BUFFER -> buffers += p.size();
                }
            }
            Tensor values = keep(device.zeros(learned));
            Tensor gradients = keep(device.zeros(learned));
            Tensor statistics = keep(device.zeros(buffers));
            storage = List.of(values, gradients, statistics);
            long offset = place(Kind.WEIGHT, values, gradients, 0);
            weights = offset;
            place(Kind.UNDECAYED, values, gradients, offset);
            place(Kind.BUFFER, statistics, statistics, 0);
            for (Parameter p : byName.values()) {
                float[] initial = new float[Math.toIntExact(p.size())];
                p.initializer()
                        .fill(
                                initial,
                                RandomGeneratorFactory.of("L64X128MixRandom")
                                        .create(seed * 0x9E3779B97F4A7C15L
                                                + p.name().hashCode()));
                HostCopies.fill(p.tensor(), initial);
            }
        }
    }

    private Tensor keep(Tensor tensor) {
        tensor.retainReference();
        owned.add(tensor);
        return tensor;
    }

    private long place(Kind kind, Tensor values, Tensor gradients, long start) {
        long offset = start;
        for (Parameter p : byName.values()) {
            if (p.kind() != kind) {
                continue;
            }
            long[] shape = p.shape().stream().mapToLong(Long::longValue).toArray();
            Tensor view = keep(values.narrow(0, offset, p.size()).view(shape).detach());
            if (kind != Kind.BUFFER) {
                view.set_requires_grad(true);
                // Not the view itself: each gradient counts its changes for itself.
                view.mutable_grad()
                        .put(gradients.narrow(0, offset, p.size()).view(shape).variable_data());
            }
            p.tensor(view);
            offset += p.size();
        }
        return offset;
    }

    /// Excludes parameters from training: they receive no gradient, optimizers leave them alone, and what only
    /// they feed is computed without a graph.
    ///
    /// @throws IllegalStateException before allocation
    public void freeze(Predicate<Parameter> which) {
        for (Parameter p : byName.values()) {
            if (which.test(p)) {
                p.tensor().set_requires_grad(false);
                p.freeze();
            }
        }
    }

    /// One number for every learned value, the same for all values of a parameter.
    ///
    /// @return float32, one dimension, in the order of [#values]; belongs to the caller's pointer scope
    public Tensor perValue(ToDoubleFunction<Parameter> number) {
        Tensor numbers = torch.zeros_like(values());
        long offset = 0;
        for (Kind kind : List.of(Kind.WEIGHT, Kind.UNDECAYED)) {
            for (Parameter p : byName.values()) {
                if (p.kind() == kind) {
                    numbers.narrow(0, offset, p.size()).fill_(new Scalar(number.applyAsDouble(p)));
                    offset += p.size();
                }
            }
        }
        return numbers;
    }

    /// Every parameter in the order of declaration.
    public Collection<Parameter> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /// The parameter of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    public Parameter get(String name) {
        Parameter parameter = byName.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("the network has no parameter named " + name);
        }
        return parameter;
    }

    /// Number of learned values.
    public long learnedSize() {
        return byName.values().stream()
                .filter(p -> p.kind() != Kind.BUFFER)
                .mapToLong(Parameter::size)
                .sum();
    }

    /// Number of learned values under weight decay; they come first in [#values].
    public long decayedSize() {
        return weights;
    }

    /// All learned values, float32, one dimension. Owned by this object.
    public Tensor values() {
        return storage.getFirst();
    }

    /// The gradients of [#values], in the same order. Owned by this object.
    public Tensor gradients() {
        return storage.get(1);
    }

    /// Scales the gradients so that their joint length is at most `limit`.
    ///
    /// @return the length before
    public double clipGradients(double limit) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            double length = gradients().norm().item_double();
            if (length > limit) {
                gradients().mul_(new Scalar(limit / length));
            }
            return length;
        }
    }

    /// All running statistics, float32, one dimension. Owned by this object.
    public Tensor statistics() {
        return storage.get(2);
    }

    @Override
    public void close() {
        byName.values().forEach(p -> p.tensor(null));
        owned.reversed().forEach(Tensor::close);
        owned.clear();
        storage = List.of();
    }
}
