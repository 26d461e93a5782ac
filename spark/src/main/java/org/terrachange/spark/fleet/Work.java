package org.terrachange.spark.fleet;

import java.io.IOException;
import java.io.Serializable;

/// What is done with each task, on whatever machine. It may be done again, or twice at once, and must then leave
/// the same behind.
///
/// @param <T> a task
/// @param <R> an answer
@FunctionalInterface
public interface Work<T extends Serializable, R extends Serializable> extends Serializable {

    /// Does it. What is thrown counts against the machine, not the task: it is tried again some times, and ends
    /// everything then. A task that cannot be done says so by its answer.
    ///
    /// @throws InterruptedException if the task is cancelled
    R answer(T task) throws IOException, InterruptedException;
}
