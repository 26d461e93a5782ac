package org.terrachange.nn.loss;

import java.util.stream.LongStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The symmetric contrastive loss of CLIP (van den Oord et al. 2018; Radford et al. 2021): each change has to
/// find its text among all texts of the batch and each text its change, by cosine similarity times a learned
/// scale.
///
/// Texts that say the same ("the scene is the same as before") are no negatives of each other's changes: rows
/// of one group all count as right, and the target is spread evenly over them (as in supervised contrastive
/// learning, Khosla et al. 2020).
public final class InfoNce {
    /// The largest scale of similarities, as CLIP caps it.
    public static final double LARGEST_SCALE = 100;

    private static final double SHORTEST = 1e-12;

    private InfoNce() {}

    /// The loss of a batch in which only a row's own partner counts as right.
    ///
    /// @param changes `[n, d]`, float32, of any length other than 0
    /// @param texts the same shape, row by row the descriptions of `changes`
    /// @param logScale the natural logarithm of the scale, a single number; above `ln 100` it counts as that
    /// @return a scalar, the mean over both directions; `ln n` where all embeddings are equal
    public static Tensor of(Tensor changes, Tensor texts, Tensor logScale) {
        requirePaired(changes, texts);
        return loss(changes, texts, logScale, torch.eye(changes.size(0), changes.options()));
    }

    /// The loss of a batch in which all rows of a group count as right for each other.
    ///
    /// @param groups one number a row, equal for rows whose texts say the same
    /// @return a scalar; `ln n` where all embeddings are equal
    /// @see #of(Tensor, Tensor, Tensor)
    public static Tensor of(Tensor changes, Tensor texts, Tensor logScale, long[] groups) {
        requirePaired(changes, texts);
        return loss(changes, texts, logScale, targets(groups, changes));
    }

    /// The loss of a batch that holds, beside its partners, changes that none of its texts describes and texts
    /// that describe none of its changes: the others have to tell their partners from those too.
    ///
    /// @param moreChanges `[m, d]`, float32, `m` of any number
    /// @param moreTexts `[k, d]`, `k` of any number
    /// @return a scalar
    /// @see #of(Tensor, Tensor, Tensor, long[])
    public static Tensor of(
            Tensor changes, Tensor texts, Tensor moreChanges, Tensor moreTexts, Tensor logScale, long[] groups) {
        requirePaired(changes, texts);
        requireBeside(changes, moreChanges);
        requireBeside(changes, moreTexts);
        Tensor targets = targets(groups, changes);
        Tensor scale = scale(logScale);
        return missed(unit(texts), unit(changes), unit(moreChanges), scale, targets)
                .add(missed(unit(changes), unit(texts), unit(moreTexts), scale, targets))
                .mul(new Scalar(0.5 / changes.size(0)));
    }

    /// What rows lack of choosing their targets among all candidates, summed.
    private static Tensor missed(Tensor rows, Tensor candidates, Tensor others, Tensor scale, Tensor targets) {
        Tensor all = torch.cat(new TensorVector(candidates, others), 0);
        return rows.matmul(all.t())
                .mul(scale)
                .log_softmax(1)
                .narrow(1, 0, candidates.size(0))
                .mul(targets)
                .sum()
                .neg();
    }

    private static void requireBeside(Tensor changes, Tensor others) {
        if (others.dim() != 2 || others.size(1) != changes.size(1)) {
            throw new IllegalArgumentException(
                    "further candidates are [m, d] beside changes of " + shape(changes) + ", got " + shape(others));
        }
    }

    /// Brings a learned scale that has grown past the largest back to it; for after each step of the optimizer,
    /// since no gradient leads back from there.
    ///
    /// @param logScale the parameter's values
    public static void cap(Tensor logScale) {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            logScale.clamp_max_(new Scalar(Math.log(LARGEST_SCALE)));
        }
    }

    private static void requirePaired(Tensor changes, Tensor texts) {
        if (changes.dim() != 2
                || texts.dim() != 2
                || changes.size(0) < 1
                || texts.size(0) != changes.size(0)
                || texts.size(1) != changes.size(1)) {
            throw new IllegalArgumentException(
                    "changes and texts are [n, d] each, got " + shape(changes) + " and " + shape(texts));
        }
    }

    private static String shape(Tensor x) {
        return x.dim() == 2 ? x.size(0) + "x" + x.size(1) : x.dim() + " dimensions";
    }

    /// Row by row an even share for each row of the same group, where the embeddings are.
    private static Tensor targets(long[] groups, Tensor changes) {
        if (groups.length != changes.size(0)) {
            throw new IllegalArgumentException(groups.length + " groups for " + changes.size(0) + " rows");
        }
        // The blob's memory goes with its pointer; the copy is the graph's own.
        Tensor targets = torch.from_blob(new FloatPointer(shares(groups)), groups.length, groups.length)
                .clone();
        return targets.to(changes.device(), ScalarType.Float);
    }

    private static float[] shares(long[] groups) {
        float[] shares = new float[Math.multiplyExact(groups.length, groups.length)];
        for (int i = 0; i < groups.length; i++) {
            long own = groups[i];
            float share =
                    1f / LongStream.of(groups).filter(group -> group == own).count();
            for (int j = 0; j < groups.length; j++) {
                shares[i * groups.length + j] = groups[j] == own ? share : 0;
            }
        }
        return shares;
    }

    /// @param targets symmetric: the same for changes among texts and texts among changes
    private static Tensor loss(Tensor changes, Tensor texts, Tensor logScale, Tensor targets) {
        Tensor logits = unit(changes).matmul(unit(texts).t()).mul(scale(logScale));
        Tensor rows = logits.log_softmax(1).mul(targets).sum();
        Tensor columns = logits.log_softmax(0).mul(targets).sum();
        return rows.add(columns).mul(new Scalar(-0.5 / changes.size(0)));
    }

    private static Tensor scale(Tensor logScale) {
        return logScale.clamp_max(new Scalar(Math.log(LARGEST_SCALE))).exp();
    }

    private static Tensor unit(Tensor x) {
        Tensor lengths = x.mul(x)
                .sum(new long[] {1}, true, new ScalarTypeOptional())
                .sqrt()
                .clamp_min(new Scalar(SHORTEST));
        return x.div(lengths);
    }
}
