package org.terrachange.nn.tensor;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// One named tensor of a network. Its values exist once [Parameters#allocate] has run.
public final class Parameter {
    /// What becomes of a parameter during training.
    public enum Kind {
        /// Learned, and pulled towards zero by weight decay: convolution and projection weights.
        WEIGHT,
        /// Learned without weight decay: biases and the scales and shifts of normalisation.
        UNDECAYED,
        /// Not learned: running statistics.
        BUFFER
    }

    private final String name;
    private final List<Long> shape;
    private final Kind kind;
    private final Initializer initializer;
    private @Nullable Tensor tensor;
    private boolean frozen;

    Parameter(String name, List<Long> shape, Kind kind, Initializer initializer) {
        this.name = name;
        this.shape = shape;
        this.kind = kind;
        this.initializer = initializer;
    }

    /// The published name, such as `encoder.layer1.0.conv1.weight`.
    public String name() {
        return name;
    }

    public List<Long> shape() {
        return shape;
    }

    public Kind kind() {
        return kind;
    }

    /// The number of values.
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /// Whether training leaves it as it is. A frozen scale of a batch normalisation freezes its statistics too.
    public boolean frozen() {
        return frozen;
    }

    void freeze() {
        frozen = true;
    }

    Initializer initializer() {
        return initializer;
    }

    /// The values, float32. Owned by the [Parameters] it belongs to: do not close.
    ///
    /// @throws IllegalStateException before allocation
    public Tensor tensor() {
        if (tensor == null) {
            throw new IllegalStateException(name + " has no values yet: call Parameters.allocate first");
        }
        return tensor;
    }

    void tensor(@Nullable Tensor values) {
        tensor = values;
    }
}
