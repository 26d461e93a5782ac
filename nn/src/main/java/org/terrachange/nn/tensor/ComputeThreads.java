package org.terrachange.nn.tensor;

import org.bytedeco.pytorch.global.torch;

/// How many threads libtorch spreads one operation over, where several passes run side by side in one process.
public final class ComputeThreads {
    private ComputeThreads() {}

    /// Sets it for the passes of the calling thread; threads that call libtorch for the first time later start
    /// with the same.
    ///
    /// @param count at least 1
    public static void limit(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one thread has to compute, got " + count);
        }
        torch.set_num_threads(count);
    }

    /// How many the passes of the calling thread use.
    public static int count() {
        return torch.get_num_threads();
    }
}
