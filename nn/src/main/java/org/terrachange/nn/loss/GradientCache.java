package org.terrachange.nn.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.distributed.ProcessGroup;

/// The gradients of a loss over a large batch in the memory of a small one (Gao et al. 2021, "Scaling deep
/// contrastive learning batch size under memory limited setup"): embed all parts of the batch without a graph,
/// take the gradient of the loss with respect to the embeddings, then embed each part again with a graph and
/// pass its share of that gradient on. Exact, at the price of a second forward pass.
///
/// Layers that mix the members of a batch, such as batch normalisation, mix only those of one part.
public final class GradientCache {
    private GradientCache() {}

    /// Adds the gradients of the whole batch to those of the parameters.
    ///
    /// @param parts number of parts; a single one needs no second pass and gets none
    /// @param rehearse embeds a part, `[m, d]`, float32, without side effects; runs without a graph
    /// @param embed embeds the same part to the same values, with a graph
    /// @param loss of the embeddings of all parts one below the other, a scalar
    /// @return the loss
    public static double backward(
            int parts, IntFunction<Tensor> rehearse, IntFunction<Tensor> embed, UnaryOperator<Tensor> loss) {
        return backward(parts, rehearse, embed, loss, ProcessGroup.alone(), () -> {});
    }

    /// [#backward(int, IntFunction, IntFunction, UnaryOperator)] over a batch that several processes share: each
    /// embeds its own rows, and each computes the loss of all.
    ///
    /// @param loss of the rows of all processes, in the order of [ProcessGroup#wholeBatch(Tensor)]
    /// @param lastPass run before the last backward pass
    public static double backward(
            int parts,
            IntFunction<Tensor> rehearse,
            IntFunction<Tensor> embed,
            UnaryOperator<Tensor> loss,
            ProcessGroup group,
            Runnable lastPass) {
        try (var scope = new PointerScope()) {
            if (parts == 1) {
                Tensor value = loss.apply(group.wholeBatch(embed.apply(0)));
                lastPass.run();
                value.backward();
                return value.item_double();
            }
            List<Tensor> embeddings = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                try (var _ = new PointerScope();
                        var _ = new NoGradGuard()) {
                    Tensor embedding = rehearse.apply(part).detach();
                    scope.attach(embedding);
                    embeddings.add(embedding);
                }
            }
            Tensor all = torch.cat(new TensorVector(embeddings.toArray(Tensor[]::new)), 0);
            all.set_requires_grad(true);
            Tensor value = loss.apply(group.wholeBatch(all));
            value.backward();
            Tensor gradient = all.grad();
            long row = 0;
            for (int part = 0; part < parts; part++) {
                long rows = embeddings.get(part).size(0);
                try (var _ = new PointerScope()) {
                    // The inner product has the share as its gradient.
                    Tensor share =
                            embed.apply(part).mul(gradient.narrow(0, row, rows)).sum();
                    if (part == parts - 1) {
                        lastPass.run();
                    }
                    share.backward();
                }
                row += rows;
            }
            return value.item_double();
        }
    }
}
