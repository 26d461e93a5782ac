package org.terrachange.spark.fleet;

import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.terrachange.nn.tensor.ComputeThreads;

/// What the tasks of one process share: models and the like, opened by the first task that needs them and closed
/// in the end.
public final class LoadedModels {
    private static final Map<Source<?>, Shared> LOADED = new HashMap<>();

    private LoadedModels() {}

    /// Says how to open something; equal sources open the same.
    ///
    /// @param <M> what is opened, safe for use by several threads at once
    public interface Source<M> extends Serializable {
        M open() throws IOException;

        void close(M opened) throws IOException;
    }

    /// Uses what was opened.
    @FunctionalInterface
    public interface Use<M, R> {
        R with(M opened) throws IOException, InterruptedException;
    }

    /// Lends it to a task, with as many threads for libtorch as the task has cores.
    public static <M, R> R use(Source<M> source, Use<M, R> use) throws IOException, InterruptedException {
        TaskContext task = TaskContext.get();
        if (task != null) {
            ComputeThreads.limit(task.cpus());
        }
        Shared shared = lend(source);
        try {
            @SuppressWarnings("unchecked")
            M opened = (M) shared.opened;
            return use.with(opened);
        } finally {
            shared.giveBack();
        }
    }

    private static <M> Shared lend(Source<M> source) throws IOException {
        synchronized (LOADED) {
            Shared shared = LOADED.get(source);
            if (shared == null) {
                M opened = source.open();
                shared = new Shared(Objects.requireNonNull(opened), () -> source.close(opened));
                LOADED.put(source, shared);
            }
            shared.users++;
            return shared;
        }
    }

    /// Closes everything: now, or where a task that was cancelled still uses it, when that has ended.
    static void close() throws IOException {
        synchronized (LOADED) {
            for (Shared shared : LOADED.values()) {
                shared.retired = true;
                shared.closeIfIdle();
            }
            LOADED.clear();
        }
    }

    private interface Closing {
        void run() throws IOException;
    }

    /// Guarded by the map.
    private static final class Shared {
        private final Object opened;
        private final Closing closing;
        private int users;
        private boolean retired;

        Shared(Object opened, Closing closing) {
            this.opened = opened;
            this.closing = closing;
        }

        void giveBack() throws IOException {
            synchronized (LOADED) {
                users--;
                closeIfIdle();
            }
        }

        private void closeIfIdle() throws IOException {
            if (retired && users == 0) {
                closing.run();
            }
        }
    }
}
