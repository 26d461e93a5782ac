package org.terrachange.nn.distributed;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.global.torch_nccl;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.terrachange.nn.tensor.Device;

/// One line between all processes. Operations on it happen in the order in which they are begun, which has to be
/// the same in every process; what may happen in another order takes a channel of its own.
///
/// On the processor Gloo carries it, on graphics cards NCCL. The latter has not been run yet.
final class Channel implements AutoCloseable {
    /// Threads on which Gloo works off what was begun.
    private static final int THREADS = 2;

    private final Backend backend;
    private final int size;
    private final Function<RuntimeException, LostProcessException> lost;

    /// An operation that goes on beside the calling thread.
    final class Pending {
        private final Work work;
        private final TensorVector tensors;

        private Pending(Tensor tensor) {
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                // Both outlive the scope of whoever begins the operation.
                tensors = new TensorVector(tensor);
                work = backend.allreduce(tensors);
                tensors.retainReference();
                work.retainReference();
            }
        }

        /// Returns when it is done.
        void await() {
            try {
                run(() -> work._wait());
            } finally {
                work.close();
                tensors.close();
            }
        }
    }

    /// @param store through which the processes find each other; of this channel alone
    /// @param address of this machine, as the others reach it
    /// @param lost what to throw where an operation fails
    Channel(
            Store store,
            Share share,
            Device device,
            String address,
            Duration timeout,
            Function<RuntimeException, LostProcessException> lost) {
        this.size = share.size();
        this.lost = lost;
        Milliseconds patience = new Milliseconds(timeout.toMillis());
        backend = switch (device) {
            case CPU -> {
                ProcessGroupGloo.Options options = new ProcessGroupGloo.Options(patience);
                options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(address)));
                options.threads(THREADS);
                yield new ProcessGroupGloo(store, share.rank(), share.size(), options);
            }
            case CUDA -> {
                ProcessGroupNCCL group = new ProcessGroupNCCL(store, share.rank(), share.size());
                group.setTimeout(patience);
                yield group;
            }
        };
        backend.retainReference();
    }

    /// Loads what a channel needs beside libtorch itself.
    static void load(Device device) {
        Loader.load(torch.class);
        // Without it libtorch does not read how much it is to say (TORCH_CPP_LOG_LEVEL).
        torch.initLogging();
        switch (device) {
            case CPU -> Loader.load(torch_gloo.class);
            case CUDA -> Loader.load(torch_nccl.class);
        }
    }

    /// Begins to replace a tensor by its sum over all processes.
    ///
    /// @param tensor contiguous; untouched by the caller until the operation is done
    Pending beginSum(Tensor tensor) {
        return run(() -> new Pending(tensor));
    }

    /// Replaces a tensor by its sum over all processes.
    ///
    /// @param tensor contiguous
    void sum(Tensor tensor) {
        beginSum(tensor).await();
    }

    /// Replaces a tensor by that of process 0.
    ///
    /// @param tensor contiguous
    void broadcast(Tensor tensor) {
        run(() -> {
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                return backend.broadcast(new TensorVector(tensor))._wait();
            }
        });
    }

    /// The tensors of all processes.
    ///
    /// @param own `[...]`, of the same shape in all
    /// @return `[size, ...]`, without a graph; belongs to the caller's pointer scope
    Tensor gather(Tensor own) {
        return run(() -> {
            try (var _ = new NoGradGuard()) {
                long[] shape = new long[(int) own.dim() + 1];
                shape[0] = size;
                for (int i = 1; i < shape.length; i++) {
                    shape[i] = own.size(i - 1);
                }
                // Both flat: Gloo wants input and output of equally many dimensions.
                Tensor given = own.detach().contiguous().view(-1);
                Tensor all =
                        torch.empty(new long[] {size * given.numel()}, given.options(), new MemoryFormatOptional());
                backend._allgather_base(all, given)._wait();
                return all.view(shape);
            }
        });
    }

    /// Returns when all processes are here.
    void barrier() {
        run(() -> backend.barrier()._wait());
    }

    private <T> T run(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (LostProcessException e) {
            throw e;
        } catch (RuntimeException e) {
            throw lost.apply(e);
        }
    }

    @Override
    public void close() {
        backend.close();
    }
}
