package org.terrachange.nn.distributed;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.terrachange.nn.tensor.Device;

/// The processes that train one network together, by libtorch's c10d: they meet at a store that process 0 keeps,
/// and exchange tensors by collective operations, which every process has to call in the same order.
///
/// Each process has its [Share] of every batch and computes gradients for it; their average over the processes is
/// the gradient of the whole batch. [#total] and [#wholeBatch] are for losses that are no mean over examples,
/// [#everyones] for layers that mix the examples of a batch.
///
/// A process that is lost makes every operation of the others fail with a [LostProcessException] that names it: at
/// once where it was killed, after the timeout where its machine has gone silent.
public final class ProcessGroup implements AutoCloseable {
    /// How long one process waits for the others within a step. Far above the difference between steps; what takes
    /// longer, as validation does, is waited for by [#whileOthersWait].
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration MEETING = Duration.ofMinutes(2);
    private static final Duration FAREWELL = Duration.ofSeconds(3);
    private static final long DIAGNOSIS_SECONDS = 10;
    private static final long TURN_MILLIS = 50;
    private static final String STATISTICS_PORT = "statistics/port";

    private static final ProcessGroup ALONE = new ProcessGroup(Share.WHOLE, null);

    private final Share share;
    private final @Nullable Links links;
    private final AtomicReference<@Nullable LostProcessException> failure = new AtomicReference<>();
    private long turns;

    /// What connects several processes.
    private record Links(
            Device device,
            TCPStore store,
            TCPStore statisticsStore,
            Presence presence,
            Channel values,
            Channel statistics,
            TensorTensorHook sumOfGradients)
            implements AutoCloseable {
        @Override
        public void close() {
            presence.close();
            statistics.close();
            values.close();
            sumOfGradients.close();
            statisticsStore.close();
            store.close();
        }
    }

    private ProcessGroup(Share share, @Nullable Links links) {
        this.share = share;
        this.links = links;
    }

    /// A process that trains by itself: every exchange leaves things as they are.
    public static ProcessGroup alone() {
        return ALONE;
    }

    /// Meets the other processes.
    ///
    /// @param device that the network computes on, which decides what carries the exchange
    /// @param patience longest wait of an operation for the others
    /// @throws IOException if they do not meet within two minutes
    public static ProcessGroup join(Member member, Device device, Duration patience) throws IOException {
        if (member.size() == 1) {
            return ALONE;
        }
        Share share = new Share(member.rank(), member.size());
        Channel.load(device);
        return new ProcessGroup(share, member, device, patience);
    }

    private ProcessGroup(Share share, Member member, Device device, Duration patience) throws IOException {
        this.share = share;
        try {
            TCPStore store = store(member.host(), member.port());
            TCPStore statisticsStore = store(member.host(), statisticsPort(store));
            if (share.rank() == 0) {
                store.set(STATISTICS_PORT, Integer.toString(statisticsStore.getPort() & 0xffff));
            }
            String address = addressTowards(member.host(), member.port());
            Presence presence = new Presence(store, share);
            Channel values = new Channel(store, share, device, address, patience, this::lost);
            Channel statistics = new Channel(statisticsStore, share, device, address, patience, this::lost);
            links = new Links(device, store, statisticsStore, presence, values, statistics, new TensorTensorHook() {
                @Override
                public TensorBase call(TensorBase gradient) {
                    Tensor sum = new Tensor(gradient).contiguous().clone();
                    statistics.sum(sum);
                    return sum;
                }
            });
        } catch (RuntimeException e) {
            throw new IOException(
                    "process " + (share.rank() + 1) + " of " + share.size() + " did not meet the others at "
                            + member.host() + ":" + member.port()
                            + "; check that all were started, and that this address can be reached from each",
                    e);
        }
    }

    private TCPStore store(String host, int port) {
        TCPStoreOptions options = new TCPStoreOptions();
        options.port((short) port)
                .isServer(share.rank() == 0)
                .waitWorkers(false)
                .timeout(new Milliseconds(MEETING.toMillis()));
        TCPStore store = new TCPStore(host, options);
        store.retainReference();
        return store;
    }

    /// The two channels name their things alike, so each has a store of its own; only the port of the first is
    /// agreed upon.
    private int statisticsPort(TCPStore store) {
        return share.rank() == 0 ? 0 : Integer.parseInt(store.get_to_str(STATISTICS_PORT));
    }

    /// The address of this machine on its way to another.
    private static String addressTowards(String host, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Nothing is sent: connecting only asks for the route.
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port));
            return socket.getLocalAddress().getHostAddress();
        } catch (UnknownHostException e) {
            throw new IOException("the machine " + host + " is not known; check --master", e);
        }
    }

    /// Which part of every batch this process works on.
    public Share share() {
        return share;
    }

    /// Whether this process validates, logs and writes.
    public boolean first() {
        return share.rank() == 0;
    }

    /// Whether there are no others.
    public boolean isAlone() {
        return links == null;
    }

    /// Begins to replace a tensor by its sum over all processes.
    ///
    /// @return what waits for the end of it
    Runnable beginSum(Tensor tensor) {
        return links == null ? () -> {} : links.values.beginSum(tensor)::await;
    }

    /// Gives every process the values that the first one has.
    ///
    /// @param tensor contiguous; overwritten in all processes but the first
    public void broadcast(Tensor tensor) {
        if (links != null) {
            links.values.broadcast(tensor);
        }
    }

    /// The mean of a number over the processes.
    public double mean(double number) {
        if (links == null) {
            return number;
        }
        double sum = 0;
        for (double value : all(number)) {
            sum += value;
        }
        return sum / share.size();
    }

    /// The numbers of all processes, in their order.
    public double[] all(double number) {
        double[] numbers = new double[share.size()];
        if (links == null) {
            numbers[0] = number;
            return numbers;
        }
        try (var _ = new PointerScope()) {
            Tensor own = links.device.of(
                    torch.full(new long[] {1}, new Scalar(number), new TensorOptions(torch.ScalarType.Double)));
            links.values.gather(own).cpu().data_ptr_double().get(numbers);
        }
        return numbers;
    }

    /// The rows of the whole batch from those of this process, in the order in which a single process would have
    /// them, for a loss that every process then computes alike from all rows: the gradient of a process's own
    /// rows is multiplied by the number of processes, since gradients are averaged over them afterwards.
    ///
    /// @param rows `[n, ...]` on the device of the group
    /// @return `[n * size, ...]`; belongs to the caller's pointer scope
    public Tensor wholeBatch(Tensor rows) {
        if (links == null) {
            return rows;
        }
        Tensor others = links.values.gather(rows);
        // The value stays exactly the same.
        Tensor constant = rows.detach();
        Tensor own = constant.add(rows.sub(constant).mul(new Scalar((double) share.size())));
        Tensor all = exchanged(others, own);
        return all.transpose(0, 1).flatten(0, 1);
    }

    /// [#wholeBatch(Tensor)] of numbers.
    public long[] wholeBatch(long[] numbers) {
        if (links == null) {
            return numbers;
        }
        try (var _ = new PointerScope()) {
            Tensor own = links.device.of(torch.from_blob(
                            new LongPointer(numbers),
                            new long[] {numbers.length},
                            new TensorOptions(torch.ScalarType.Long))
                    .clone());
            Tensor all = links.values.gather(own).transpose(0, 1).contiguous().cpu();
            long[] whole = new long[numbers.length * share.size()];
            all.data_ptr_long().get(whole);
            return whole;
        }
    }

    /// The sum of a tensor over the processes, for a loss that every process then computes alike from it; gradients
    /// as with [#wholeBatch(Tensor)].
    ///
    /// @param part contiguous
    /// @return of the same shape; belongs to the caller's pointer scope
    public Tensor total(Tensor part) {
        if (links == null) {
            return part;
        }
        Tensor constant = part.detach();
        Tensor sum = constant.clone();
        try (var _ = new NoGradGuard()) {
            links.values.sum(sum);
        }
        return sum.add(part.sub(constant).mul(new Scalar((double) share.size())));
    }

    /// The tensors of all processes, for layers that mix the examples of a batch, in passes that all processes make
    /// alike. Backward, each process receives the sum of what all of them ask for its tensor.
    ///
    /// @param own `[...]`, of the same shape in all
    /// @return `[size, ...]`; belongs to the caller's pointer scope
    public Tensor everyones(Tensor own) {
        if (links == null) {
            return own.unsqueeze(0);
        }
        Tensor all = exchanged(links.statistics.gather(own), own);
        if (all.requires_grad()) {
            all.register_hook(links.sumOfGradients);
        }
        return all;
    }

    /// What was gathered, with this process's tensor in its graph.
    private Tensor exchanged(Tensor gathered, Tensor own) {
        long rank = share.rank();
        return torch.cat(
                new TensorVector(
                        gathered.narrow(0, 0, rank),
                        own.unsqueeze(0),
                        gathered.narrow(0, rank + 1, share.size() - rank - 1)),
                0);
    }

    /// What the first process does while the others wait, however long it takes.
    @FunctionalInterface
    public interface Task {
        void run() throws IOException, InterruptedException;
    }

    /// Lets the first process do something, and returns in all processes when it is done.
    ///
    /// @throws LostProcessException in the others, if the first process ends meanwhile
    public void whileOthersWait(Task task) throws IOException, InterruptedException {
        turns++;
        if (links == null) {
            task.run();
            return;
        }
        String done = "turn/" + turns;
        if (first()) {
            task.run();
            links.store.set(done, "done");
            return;
        }
        try {
            while (!links.store.check(new StringVector(done))) {
                Thread.sleep(TURN_MILLIS);
            }
        } catch (RuntimeException e) {
            throw lost(e);
        }
    }

    /// Returns when all processes are here.
    public void barrier() {
        if (links != null) {
            links.values.barrier();
        }
    }

    /// What a failure means: where an exchange failed in a callback of libtorch, that failure, which libtorch has
    /// wrapped.
    public RuntimeException explained(RuntimeException thrown) {
        LostProcessException lost = failure.get();
        return lost == null ? thrown : lost;
    }

    private LostProcessException lost(RuntimeException cause) {
        LostProcessException known = failure.get();
        if (known != null) {
            return known;
        }
        LostProcessException lost = new LostProcessException(
                diagnosis(cause) + "; run the same command again to go on from the last state", cause);
        failure.compareAndSet(null, lost);
        return lost;
    }

    private String diagnosis(RuntimeException cause) {
        if (links == null) {
            return reason(cause);
        }
        Presence presence = links.presence;
        CompletableFuture<List<String>> diagnosis = CompletableFuture.supplyAsync(() -> {
            try {
                return presence.missing();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            List<String> missing = diagnosis.get(DIAGNOSIS_SECONDS, TimeUnit.SECONDS);
            return missing.isEmpty() ? reason(cause) : without(String.join(" and process ", missing));
        } catch (ExecutionException | TimeoutException _) {
            // The store went with the process that kept it.
            return without("1 of " + share.size());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return reason(cause);
        }
    }

    private static String without(String processes) {
        return "training cannot go on without process " + processes + ", which ended or does not answer";
    }

    /// Where all processes are there; libtorch adds to the reason where in its sources it arose.
    private static String reason(RuntimeException cause) {
        return "an exchange between processes failed: "
                + String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
    }

    @Override
    public void close() {
        if (links != null) {
            if (failure.get() == null) {
                leave(links);
            }
            links.close();
        }
    }

    /// The store goes with the first process, which therefore leaves last.
    private void leave(Links connected) {
        try {
            connected.store.add("left", 1);
            long until = System.nanoTime() + FAREWELL.toNanos();
            while (first() && connected.store.add("left", 0) < share.size() && System.nanoTime() < until) {
                Thread.sleep(TURN_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException _) {
            // Whoever is gone needs no farewell.
        }
    }
}
