package org.terrachange.search.train;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.data.retrieval.RetrievalExample;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.training.Examples;

/// Where a run takes the examples of its next step from, and what the image tower's trunk says of them.
sealed interface PairTrunks extends Examples<PairTrunks.Batch> permits ComputedTrunks, KeptTrunks {

    /// The examples of one step.
    interface Batch {
        List<RetrievalExample> examples();

        /// What the trunk says of some of them.
        ///
        /// @return `[2 count, ...]`: all earlier images, then all later ones; belongs to the caller's pointer
        ///     scope
        Tensor trunk(int from, int count, Mode mode);
    }
}
