package org.terrachange.search.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
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
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.distributed.Member;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.tensor.Device;

/// Several members of a group on threads of one process.
final class Together {
    /// A learning rate of which a few steps move a weight by several times as much.
    static final double GENTLE = 1e-5;

    private Together() {}

    @FunctionalInterface
    interface Work<T> {
        T of(ProcessGroup group) throws Exception;
    }

    /// What each member comes up with, in the order of ranks.
    static <T> List<T> run(int size, Work<T> work) throws Exception {
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

    /// Holds two files of weights against each other. At a learning rate of [#GENTLE] rounding stays rounding; Adam's
    /// first steps at a usual one blow it up, since a weight without any gradient to speak of makes a full step all
    /// the same. Steps into wrong directions would show in the mean.
    ///
    /// @param rate at which both were trained
    static void assertClose(Path one, Path other, double rate) throws IOException {
        try (StateDict a = SafetensorsFile.read(one);
                StateDict b = SafetensorsFile.read(other)) {
            assertThat(b.tensors().keySet()).isEqualTo(a.tensors().keySet());
            for (String name : a.tensors().keySet()) {
                float[] expected = a.toFloats(name);
                float[] actual = b.toFloats(name);
                double worst = 0;
                double sum = 0;
                for (int i = 0; i < expected.length; i++) {
                    double difference = Math.abs(actual[i] - expected[i]) / (1 + Math.abs(expected[i]));
                    worst = Math.max(worst, difference);
                    sum += difference;
                }
                assertThat(worst).as("largest difference in " + name).isLessThan(1e-4);
                if (!name.contains("running")) {
                    assertThat(sum / expected.length)
                            .as("mean difference in " + name)
                            .isLessThan(0.3 * rate);
                }
            }
        }
    }
}
