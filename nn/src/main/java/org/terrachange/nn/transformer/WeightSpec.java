package org.terrachange.nn.transformer;

import java.util.List;
import java.util.stream.LongStream;
import org.terrachange.nn.tensor.Initializer;
import org.terrachange.nn.tensor.Parameter.Kind;

/// What a [Weight] is, apart from its values.
///
/// @param name the published name
/// @param kind whether weight decay applies
/// @param initializer of its first values
/// @param shape sizes of the dimensions, outermost first; empty for a single number
public record WeightSpec(String name, Kind kind, Initializer initializer, List<Long> shape) {
    public WeightSpec {
        shape = List.copyOf(shape);
    }

    /// Weights under decay that start normally distributed: projections and tables of embeddings.
    public static WeightSpec normal(String name, double deviation, long... shape) {
        return new WeightSpec(
                name,
                Kind.WEIGHT,
                new Initializer.Normal(deviation),
                LongStream.of(shape).boxed().toList());
    }

    /// Weights without decay that start as one value: biases, scales and shifts.
    public static WeightSpec constant(String name, double value, long... shape) {
        return new WeightSpec(
                name,
                Kind.UNDECAYED,
                new Initializer.Constant((float) value),
                LongStream.of(shape).boxed().toList());
    }

    /// A vector without decay that starts normally distributed: an embedding of its own.
    public static WeightSpec vector(String name, double deviation, long size) {
        return new WeightSpec(name, Kind.UNDECAYED, new Initializer.Normal(deviation), List.of(size));
    }
}
