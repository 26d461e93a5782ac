package org.terrachange.nn.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/// Frees the intermediate tensors of a computation as soon as its result is there.
///
/// The rule of this project: whoever starts a pass opens a [PointerScope] around it, and every tensor made
/// inside is released when it closes. A deep network would then keep all its intermediates to the end; nesting
/// its parts in [#result] bounds memory to one part. In training the graph holds what backward needs, whatever
/// is released here.
///
/// A method that works in place (`add_`, `abs_`) returns a second handle on the tensor of the first, which dies
/// with it:
/// return the first from a computation, never what such a method returned.
public final class NativeScope {
    private NativeScope() {}

    /// Runs `computation`, releases every tensor that it made but its result, and hands that to the scope around.
    public static Tensor result(Supplier<Tensor> computation) {
        Tensor result;
        try (var _ = new PointerScope()) {
            result = computation.get();
            result.retainReference();
        }
        PointerScope outer = PointerScope.getInnerScope();
        if (outer != null) {
            outer.attach(result);
            result.releaseReference();
        }
        return result;
    }
}
