package org.terrachange.data.loader;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairImageReader;
import org.terrachange.data.pairs.PairImages;

/// The pixels of a dataset's pairs, decoded at first use and kept as long as they fit a memory budget.
public final class PairStore {
    private final List<LabelledPair> pairs;
    private final AtomicReferenceArray<PairImages> kept;
    private final AtomicLong budget;

    /// @param bytes how much decoded imagery may be kept
    public PairStore(List<LabelledPair> pairs, long bytes) {
        this.pairs = List.copyOf(pairs);
        this.kept = new AtomicReferenceArray<>(pairs.size());
        this.budget = new AtomicLong(bytes);
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
            if (budget.addAndGet(-cost) >= 0) {
                kept.set(index, images);
            } else {
                budget.addAndGet(cost);
            }
        }
        return images;
    }
}
