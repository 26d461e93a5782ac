package org.terrachange.server.jobs;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.terrachange.server.storage.Shelf;
import org.terrachange.server.web.EventLog;

/// Throws away what nobody used for long, and the longest unused of the rest while the disk is too full.
public final class Retention implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMinutes(5);

    /// What is younger may be part of something that is just being put together.
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private final List<Shelf> shelves;
    private final Duration keep;
    private final long mostBytes;
    private final EventLog log;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("retention").factory());

    /// @param keep how long a thing is kept after its last use
    /// @param mostBytes that all shelves may take together
    public Retention(List<Shelf> shelves, Duration keep, long mostBytes, EventLog log) {
        this.shelves = List.copyOf(shelves);
        this.keep = keep;
        this.mostBytes = mostBytes;
        this.log = log;
    }

    /// Looks through the shelves from time to time until closed.
    public void start() {
        var _ = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        sweep(Instant.now());
                    } catch (IOException | RuntimeException e) {
                        log.say("old files could not be removed: " + e.getMessage());
                    }
                },
                0,
                PERIOD.toSeconds(),
                TimeUnit.SECONDS);
    }

    /// Makes room for something new, if there is not enough. Where that cannot be had by throwing things away, none
    /// is thrown away.
    ///
    /// @param bytes of what is new, at least 0
    /// @return whether there is enough now
    public boolean makeRoom(long bytes, Instant now) throws IOException {
        // Lengths are subtracted, never added: one that a request announces may be as large as a number gets.
        if (used() <= mostBytes - bytes) {
            return true;
        }
        if (lasting(now) > mostBytes - bytes) {
            return false;
        }
        // What goes may share files with what stays, which then takes the more: hence more than one look.
        while (used() > mostBytes - bytes) {
            if (sweep(now, mostBytes - bytes) == 0) {
                return false;
            }
        }
        return true;
    }

    /// Bytes that stay however much is needed: of what is in use, and of what is young.
    private long lasting(Instant now) throws IOException {
        long bytes = used();
        for (Shelf shelf : shelves) {
            for (Shelf.Item item : shelf.items()) {
                bytes -= mayGo(item, now) ? item.bytes() : 0;
            }
        }
        return bytes;
    }

    private static boolean mayGo(Shelf.Item item, Instant now) {
        return item.lastUsed().isBefore(now.minus(SHORTEST));
    }

    private long used() throws IOException {
        long bytes = 0;
        for (Shelf shelf : shelves) {
            bytes += shelf.bytes();
        }
        return bytes;
    }

    private record Candidate(Shelf shelf, Shelf.Item item) {}

    /// Looks through the shelves once.
    ///
    /// @return how many things were thrown away
    public int sweep(Instant now) throws IOException {
        return sweep(now, mostBytes);
    }

    private synchronized int sweep(Instant now, long allowed) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        long bytes = used();
        for (Shelf shelf : shelves) {
            for (Shelf.Item item : shelf.items()) {
                candidates.add(new Candidate(shelf, item));
            }
        }
        candidates.sort(Comparator.comparing(candidate -> candidate.item().lastUsed()));
        int thrown = 0;
        for (Candidate candidate : candidates) {
            boolean old = candidate.item().lastUsed().isBefore(now.minus(keep));
            boolean crowded = bytes > allowed && mayGo(candidate.item(), now);
            if (old || crowded) {
                candidate.shelf().discard(candidate.item().id());
                bytes -= candidate.item().bytes();
                thrown++;
            }
        }
        return thrown;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
