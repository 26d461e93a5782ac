package org.terrachange.server.jobs;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.terrachange.server.storage.FolderTree;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.storage.Shelf;
import org.terrachange.server.web.EventLog;

/// Runs jobs one after the other, the oldest first: a network uses every core, so two at once would only slow
/// each other down and take twice the memory.
///
/// Jobs outlive the process. Of those that an earlier process left, finished ones stay, waiting ones wait in the
/// same order, and the one that ran starts again, unless it was the end of the server too often.
public final class JobQueue implements Shelf, AutoCloseable {
    /// A job that ran this often when the server died is taken to be the reason.
    private static final int MOST_ATTEMPTS = 3;

    /// A first guess of what a job takes, until one was measured.
    private static final double GUESSED_SECONDS = 10;

    /// Weight of the newest job in the mean time that a job takes.
    private static final double NEWEST = 0.3;

    /// One pass of a network cannot be cut short; it takes a few seconds on a slow machine.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// How long to wait before a store that failed, of a full disk perhaps, is asked again.
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final JobStore store;
    private final JobFolders folders;
    private final JobWork work;
    private final int length;
    private final EventLog log;
    private final Thread runner;

    private final ReentrantLock lock = new ReentrantLock();

    /// Signalled whenever any job changes.
    private final Condition changed = lock.newCondition();

    private final List<Consumer<String>> discarded = new CopyOnWriteArrayList<>();
    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable Job current;
    private boolean working;
    private boolean stopping;
    private double meanSeconds = GUESSED_SECONDS;

    /// Takes up what an earlier process left; nothing runs before [#start].
    ///
    /// @param store closed by its owner, after the queue
    /// @param length how many jobs may wait
    public JobQueue(JobStore store, JobFolders folders, JobWork work, int length, EventLog log) throws IOException {
        this.store = store;
        this.folders = folders;
        this.work = work;
        this.length = length;
        this.log = log;
        for (Job job : store.inOrder(EnumSet.of(JobState.ACCEPTED, JobState.RUNNING))) {
            takeUp(job);
        }
        runner = Thread.ofPlatform().name("jobs").daemon().unstarted(this::work);
    }

    /// Tells a listener from now on when a job and its files are gone, by the id of the job. It must be quick, and
    /// must not call the queue.
    public void whenDiscarded(Consumer<String> listener) {
        discarded.add(listener);
    }

    /// Begins to run jobs.
    public void start() {
        runner.start();
    }

    private void takeUp(Job job) throws IOException {
        if (job.state() == JobState.RUNNING) {
            clear(job);
            if (job.attempts() >= MOST_ATTEMPTS) {
                store.update(job.endedAt(
                        Instant.now(),
                        JobState.FAILED,
                        "the server stopped " + job.attempts() + " times while this ran, so it is not tried again"));
                return;
            }
            store.update(job.queuedAgain("waits to start again, since the server stopped while it ran"));
        }
        waiting.add(job.id());
    }

    /// Deletes what a run left that was killed: parts of results, which nobody else would ever delete.
    private void clear(Job job) {
        try {
            FolderTree.delete(folders.of(job.id()).results());
        } catch (IOException e) {
            // Some bytes of the disk are no reason not to start.
            log.say("what is left of an earlier run of job " + job.id() + " could not be removed: " + e.getMessage());
        }
    }

    /// Puts a new job at the end of the queue.
    ///
    /// @param job as [Job#asked] makes it
    /// @return the job as it was taken
    /// @throws QueueFullException if too many wait
    public Job submit(Job job) throws IOException, QueueFullException {
        lock.lock();
        try {
            requireRoom();
            store.add(job);
            waiting.add(job.id());
            changed.signalAll();
            return job;
        } finally {
            lock.unlock();
        }
    }

    /// Whether [#submit] would refuse at this moment.
    ///
    /// @throws QueueFullException if it would
    public void requireRoom() throws QueueFullException {
        lock.lock();
        try {
            if (waiting.size() >= length) {
                throw new QueueFullException(waiting.size(), Math.max(1, Math.round(meanSeconds)));
            }
        } finally {
            lock.unlock();
        }
    }

    /// A job as it is now, if there is one with this id.
    public Optional<Job> find(String id) throws IOException {
        lock.lock();
        try {
            Job running = current;
            return running != null && running.id().equals(id)
                    ? Optional.of(running)
                    : store.find(id).map(this::placed);
        } finally {
            lock.unlock();
        }
    }

    /// Jobs in these states as they are now, the newest first.
    public List<Job> newest(Set<JobState> states, int limit, int offset) throws IOException {
        lock.lock();
        try {
            Job running = current;
            return store.newest(states, limit, offset).stream()
                    .map(job -> running != null && running.id().equals(job.id()) ? running : placed(job))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// A waiting job with its place in the queue in the message.
    private Job placed(Job job) {
        if (job.state() != JobState.ACCEPTED) {
            return job;
        }
        int before = working ? 1 : 0;
        for (String id : waiting) {
            if (id.equals(job.id())) {
                break;
            }
            before++;
        }
        return before == 0
                ? job
                : job.at(
                        0,
                        "waits for " + before + (before == 1 ? " job" : " jobs") + " before it",
                        OptionalLong.empty());
    }

    /// How many jobs wait.
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until a job is no longer as it was.
    ///
    /// @param seen the job as it was last seen
    /// @return the job as it is then or when the patience is over; nothing if it is gone
    public Optional<Job> await(Job seen, Duration patience) throws IOException, InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Job> now = find(seen.id());
                if (nanos <= 0 || stopping || now.isEmpty() || !now.get().equals(seen)) {
                    return now;
                }
                nanos = changed.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether the queue is being closed, so that waiting for a change is of no use.
    public boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /// Cancels a job that waits or runs, or removes one that is finished, with its results.
    ///
    /// @return the job, dismissed; nothing if there is none with this id
    public Optional<Job> dismiss(String id) throws IOException {
        lock.lock();
        try {
            Optional<Job> found = find(id);
            if (found.isEmpty()) {
                return found;
            }
            Job job = found.get();
            if (job.state().isFinished()) {
                discard(id);
                return Optional.of(job.endedAt(job.updated(), JobState.DISMISSED, "removed with its results"));
            }
            Job dismissed = job.endedAt(Instant.now(), JobState.DISMISSED, "cancelled");
            store.update(dismissed);
            waiting.remove(id);
            Job running = current;
            if (running != null && running.id().equals(id)) {
                current = null;
                runner.interrupt();
            }
            changed.signalAll();
            return Optional.of(dismissed);
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        while (true) {
            Job job;
            try {
                job = next();
            } catch (InterruptedException _) {
                // A cancelled job that was just done; or the end, which the flag tells.
                if (isStopping()) {
                    return;
                }
                continue;
            } catch (IOException e) {
                log.say("the job store failed, and is asked again in a while: " + e.getMessage());
                if (!rest()) {
                    return;
                }
                continue;
            }
            if (!ended(job, run(job))) {
                return;
            }
        }
    }

    /// Keeps how a job ended, however often that takes.
    ///
    /// @return whether to go on
    private boolean ended(Job job, Outcome outcome) {
        while (true) {
            try {
                return settle(job, outcome);
            } catch (IOException e) {
                log.say("the end of job " + job.id() + " could not be kept, which is tried again in a while: "
                        + e.getMessage());
                if (!rest()) {
                    return false;
                }
            }
        }
    }

    /// @return whether to go on, which is not so when the queue closes
    private boolean rest() {
        lock.lock();
        try {
            long nanos = RETRY.toNanos();
            while (nanos > 0 && !stopping) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException _) {
            // The job was cancelled, or the queue closes, which the flag tells.
        } finally {
            lock.unlock();
        }
        return !isStopping();
    }

    private Job next() throws InterruptedException, IOException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (stopping) {
                    throw new InterruptedException();
                }
                String id = waiting.peek();
                if (id == null) {
                    changed.await();
                    continue;
                }
                Optional<Job> job = store.find(id);
                if (job.isEmpty()) {
                    waiting.remove();
                } else {
                    Job started = job.get().startedAt(Instant.now());
                    store.update(started);
                    // Only now: a job that the store could not take would be lost until the next start.
                    waiting.remove();
                    current = started;
                    working = true;
                    changed.signalAll();
                    return started;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// How a run ended.
    private record Outcome(@Nullable JobState state, String message) {
        static final Outcome INTERRUPTED = new Outcome(null, "");
    }

    private Outcome run(Job job) {
        try {
            long start = System.nanoTime();
            work.run(job, new Pace(job.id()));
            double seconds = (System.nanoTime() - start) / 1e9;
            lock.lock();
            try {
                meanSeconds += NEWEST * (seconds - meanSeconds);
            } finally {
                lock.unlock();
            }
            return new Outcome(JobState.SUCCESSFUL, "done");
        } catch (InterruptedException _) {
            return Outcome.INTERRUPTED;
        } catch (JobFailure e) {
            return new Outcome(JobState.FAILED, String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            log.say("job " + job.id() + ": " + e);
            return new Outcome(JobState.FAILED, "the server has not enough memory for this");
        } catch (Exception | LinkageError | StackOverflowError e) {
            log.say("job " + job.id() + ": " + e);
            return new Outcome(JobState.FAILED, "an error in the server itself; its log says more");
        }
    }

    /// @return whether to go on
    private boolean settle(Job job, Outcome outcome) throws IOException {
        lock.lock();
        try {
            // Clears an interrupt that came too late to matter.
            boolean _ = Thread.interrupted();
            Job running = current;
            if (running == null) {
                FolderTree.delete(folders.of(job.id()).root());
            } else if (outcome.state() != null) {
                store.update(running.endedAt(Instant.now(), outcome.state(), outcome.message()));
            } else if (stopping) {
                store.update(job.putBack("waits to start again, since the server was stopped while it ran"));
            } else {
                store.update(job.endedAt(Instant.now(), JobState.FAILED, "was interrupted"));
            }
            current = null;
            working = false;
            changed.signalAll();
            return !stopping;
        } finally {
            lock.unlock();
        }
    }

    /// Tells how far a job is, and from its pace when it will be done.
    private final class Pace implements JobWork.Progress {
        private final String id;
        private long firstAt;
        private long firstDone;

        Pace(String id) {
            this.id = id;
        }

        @Override
        public void steps(long done, long total, String doing) {
            long now = System.nanoTime();
            if (firstAt == 0) {
                // What came before the first step, such as loading a model, says nothing of the next.
                firstAt = now;
                firstDone = done;
            }
            OptionalLong left = done > firstDone
                    ? OptionalLong.of(
                            Math.round(Math.ceil((now - firstAt) / 1e9 / (done - firstDone) * (total - done))))
                    : OptionalLong.empty();
            lock.lock();
            try {
                Job running = current;
                if (running != null && running.id().equals(id)) {
                    // The last percent is for what comes after the last step.
                    current = running.at((int) Math.min(99, 100 * done / Math.max(1, total)), doing, left);
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public List<Item> items() throws IOException {
        List<Job> finished = store.inOrder(EnumSet.of(JobState.SUCCESSFUL, JobState.FAILED, JobState.DISMISSED));
        List<Item> items = new ArrayList<>();
        for (Job job : finished) {
            items.add(new Item(
                    job.id(),
                    job.updated(),
                    FolderTree.bytes(folders.of(job.id()).root())));
        }
        return items;
    }

    @Override
    public long bytes() throws IOException {
        return folders.bytes();
    }

    /// Forgets a finished job and deletes its files.
    @Override
    public void discard(String id) throws IOException {
        lock.lock();
        try {
            store.remove(id);
            FolderTree.delete(folders.of(id).root());
            // Only now: what is closed earlier could be opened again.
            discarded.forEach(listener -> listener.accept(id));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Stops the job that runs, which the next process starts again, and leaves the others waiting. A queue that was
    /// never started only lets go of those who wait for a change.
    @Override
    public void close() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        runner.interrupt();
        try {
            if (runner.isAlive()) {
                runner.join(PATIENCE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
