package org.terrachange.nn.distributed;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.tensor.Device;

/// Several members of a group on threads of one process.
public final class Together {
    private Together() {}

    @FunctionalInterface
    public interface Work<T> {
        T of(ProcessGroup group) throws Exception;
    }

    /// What each member comes up with, in the order of ranks.
    public static <T> List<T> run(int size, Work<T> work) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
            List<Future<T>> running = new ArrayList<>();
            for (int rank = 0; rank < size; rank++) {
                Member member = new Member(rank, size, "127.0.0.1", port);
                Callable<T> task = () -> {
                    // Each stands for a process with its share of the cores; more would wait for each other.
                    torch.set_num_threads(1);
                    try (ProcessGroup group = join(member)) {
                        return work.of(group);
                    }
                };
                running.add(threads.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                try {
                    results.add(one.get(2, TimeUnit.MINUTES));
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
            return results;
        }
    }

    private static ProcessGroup join(Member member) throws IOException {
        return ProcessGroup.join(member, Device.CPU, Duration.ofSeconds(60));
    }
}
