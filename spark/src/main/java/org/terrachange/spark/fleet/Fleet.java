package org.terrachange.spark.fleet;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Workers that do independent tasks.
public interface Fleet {

    /// Does all tasks and hands each answer on once, in the order in which they come.
    ///
    /// @param answers called on the calling thread
    /// @throws IOException if a task failed too often
    /// @throws InterruptedException if the calling thread is interrupted; the tasks are cancelled
    <T extends Serializable, R extends Serializable> void run(List<T> tasks, Work<T, R> work, Consumer<R> answers)
            throws IOException, InterruptedException;

    /// Makes a file readable to all workers.
    ///
    /// @param file on this machine
    /// @param role such as `detector`: tells files of one name apart
    /// @return what [DeliveredFile#path] on a worker finds it by
    DeliveredFile deliver(Path file, String role) throws IOException;
}
