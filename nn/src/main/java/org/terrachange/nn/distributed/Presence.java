package org.terrachange.nn.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;

/// Tells which processes are alive: each counts up a number of its own in the store every second, on a thread of
/// its own, so that neither long steps nor validation keep it from doing so.
final class Presence implements AutoCloseable {
    private static final long BEAT_MILLIS = 1000;

    /// Long enough for several beats on a busy machine.
    private static final long LISTEN_MILLIS = 4000;

    private final TCPStore store;
    private final Share share;
    private final Thread pulse;

    Presence(TCPStore store, Share share) {
        this.store = store;
        this.share = share;
        store.set(nameKey(share.rank()), "process " + ProcessHandle.current().pid() + " of " + hostName());
        pulse = Thread.ofPlatform().daemon().name("presence-" + share.rank()).start(this::beat);
    }

    private static String hostName() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isBlank()) {
            return name;
        }
        try {
            return java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException _) {
            return "this machine";
        }
    }

    private static String nameKey(int rank) {
        return "name/" + rank;
    }

    private static String beatKey(int rank) {
        return "beat/" + rank;
    }

    private void beat() {
        try {
            while (!Thread.interrupted()) {
                store.add(beatKey(share.rank()), 1);
                Thread.sleep(BEAT_MILLIS);
            }
        } catch (InterruptedException | RuntimeException _) {
            // Closed, or process 0 is gone; whoever needs it next will say so.
        }
    }

    /// The processes that no longer count, in words; takes a few seconds.
    ///
    /// @return none where all are there
    List<String> missing() throws InterruptedException {
        long[] before = beats();
        Thread.sleep(LISTEN_MILLIS);
        long[] after = beats();
        List<String> missing = new ArrayList<>();
        for (int rank = 0; rank < share.size(); rank++) {
            if (rank != share.rank() && before[rank] == after[rank]) {
                missing.add(name(rank));
            }
        }
        return missing;
    }

    private long[] beats() {
        return IntStream.range(0, share.size())
                .mapToLong(rank -> store.add(beatKey(rank), 0))
                .toArray();
    }

    private String name(int rank) {
        String number = (rank + 1) + " of " + share.size();
        return store.check(new StringVector(nameKey(rank)))
                ? number + " (" + store.get_to_str(nameKey(rank)) + ")"
                : number;
    }

    @Override
    public void close() {
        pulse.interrupt();
        try {
            pulse.join(2 * BEAT_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
