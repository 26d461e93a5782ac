package org.terrachange.data.loader;

import java.util.concurrent.atomic.AtomicLong;

/// How much memory may be spent on keeping what is decoded; several stores may share one. What is not kept is decoded
/// again.
public final class MemoryBudget {
    private final AtomicLong free;

    /// @param bytes what may be taken in all
    public MemoryBudget(long bytes) {
        free = new AtomicLong(bytes);
    }

    /// A part of the heap that this process may have.
    ///
    /// @param share 0 to 1
    public static MemoryBudget ofHeap(double share) {
        return new MemoryBudget((long) (share * Runtime.getRuntime().maxMemory()));
    }

    /// Takes so many bytes if they are free.
    ///
    /// @return whether they were
    public boolean take(long bytes) {
        if (free.addAndGet(-bytes) >= 0) {
            return true;
        }
        free.addAndGet(bytes);
        return false;
    }

    /// Gives back what was taken.
    public void giveBack(long bytes) {
        free.addAndGet(bytes);
    }
}
