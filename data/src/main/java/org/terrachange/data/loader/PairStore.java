package org.terrachange.data.loader;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairImageReader;
import org.terrachange.data.pairs.PairImages;

/// The pixels of a dataset's pairs, decoded at first use and kept as long as they fit a memory budget.
public final class PairStore {
    private final List<LabelledPair> pairs;
    private final AtomicReferenceArray<PairImages> kept;
    private final MemoryBudget budget;

    /// @param budget for decoded imagery
    public PairStore(List<LabelledPair> pairs, MemoryBudget budget) {
        this.pairs = List.copyOf(pairs);
        this.kept = new AtomicReferenceArray<>(pairs.size());
        this.budget = budget;
    }

    public int size() {
        return pairs.size();
    }

    public LabelledPair pair(int index) {
        return pairs.get(index);
    }

    /// The pixels of one pair.
    public PairImages images(int index) throws IOException {
        PairImages images = kept.get(index);
        if (images == null) {
            images = PairImageReader.read(pairs.get(index));
            long cost = 7L * images.width() * images.height();
            if (budget.take(cost) && !kept.compareAndSet(index, null, images)) {
                budget.giveBack(cost);
            }
        }
        return images;
    }
}
