package org.terrachange.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.server.storage.JobFolders;
import org.terrachange.server.storage.StoredId;

class JobQueueTest {
    @TempDir
    Path folder;

    private final Semaphore permits = new Semaphore(0);
    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private JobFolders folders;
    private JobStore store;
    private JobQueue queue;

    @BeforeEach
    void open() throws IOException {
        folders = new JobFolders(folder.resolve("jobs"));
        store = JobStore.open(folder.resolve("jobs.db"));
        queue = new JobQueue(store, folders, this::work, 3, said::add);
        queue.start();
    }

    @AfterEach
    void close() throws IOException {
        queue.close();
        store.close();
    }

    /// Runs until it gets a permit. What it does otherwise stands in the title.
    private void work(Job job, JobWork.Progress progress) throws Exception {
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        ran.add(job.id());
        try {
            Files.createDirectories(folders.of(job.id()).results());
            progress.steps(1, 4, "at the first step");
            permits.acquire();
            switch (job.title()) {
                case "impossible" -> throw new JobFailure("the images differ in size", new IOException("x"));
                case "broken" -> throw new IllegalStateException("a bug");
                case "huge" -> throw new OutOfMemoryError("of the test");
                default -> progress.steps(4, 4, "at the last step");
            }
        } finally {
            atOnce.decrementAndGet();
        }
    }

    private Job submit(String title) throws Exception {
        return queue.submit(Job.asked(StoredId.next(), "test", title, "{}", Instant.now()));
    }

    private Job awaitState(Job job, JobState state) throws Exception {
        Job seen = job;
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (seen.state() != state && System.nanoTime() < deadline) {
            seen = queue.await(seen, Duration.ofSeconds(1)).orElseThrow();
        }
        assertThat(seen.state()).isEqualTo(state);
        return seen;
    }

    private void restart() throws IOException {
        queue.close();
        store.close();
        open();
    }

    /// Leaves behind what a process that was killed leaves.
    private void crash(Job running) throws IOException {
        queue.close();
        store.update(running);
        store.close();
        open();
    }

    @Test
    void jobsRunOneAtATimeInTheOrderInWhichTheyCame() throws Exception {
        List<Job> jobs = List.of(submit("a"), submit("b"), submit("c"));
        permits.release(3);
        Job last = awaitState(jobs.getLast(), JobState.SUCCESSFUL);

        assertThat(ran).containsExactlyElementsOf(jobs.stream().map(Job::id).toList());
        assertThat(mostAtOnce).hasValue(1);
        assertThat(last.progress()).isEqualTo(100);
        assertThat(queue.newest(EnumSet.allOf(JobState.class), 2, 0).stream().map(Job::id))
                .containsExactly(jobs.get(2).id(), jobs.get(1).id());
    }

    @Test
    void aRunningJobTellsHowFarItIs() throws Exception {
        Job job = awaitState(submit("a"), JobState.RUNNING);
        Job seen = job.progress() == 25
                ? job
                : queue.await(job, Duration.ofSeconds(20)).orElseThrow();

        assertThat(seen.progress()).isEqualTo(25);
        assertThat(seen.message()).isEqualTo("at the first step");
        assertThat(queue.newest(EnumSet.of(JobState.RUNNING), 1, 0).getFirst().progress())
                .isEqualTo(25);
    }

    @Test
    void moreThanMayWaitAreRefused() throws Exception {
        awaitState(submit("running"), JobState.RUNNING);
        submit("a");
        submit("b");
        Job last = submit("c");

        assertThatThrownBy(() -> submit("d"))
                .isInstanceOfSatisfying(
                        QueueFullException.class,
                        e -> assertThat(e.retryAfterSeconds()).isPositive());
        assertThat(queue.find(last.id()).orElseThrow().message()).isEqualTo("waits for 3 jobs before it");
        queue.dismiss(last.id());
        assertThat(submit("e").state()).isEqualTo(JobState.ACCEPTED);
    }

    @Test
    void aWaitingJobThatIsCancelledNeverRuns() throws Exception {
        awaitState(submit("running"), JobState.RUNNING);
        Job waiting = submit("a");
        Job after = submit("b");
        assertThat(queue.dismiss(waiting.id()).orElseThrow().state()).isEqualTo(JobState.DISMISSED);
        permits.release(2);
        awaitState(after, JobState.SUCCESSFUL);

        assertThat(ran).doesNotContain(waiting.id());
    }

    @Test
    void aRunningJobThatIsCancelledStopsAndTheNextRuns() throws Exception {
        Job running = awaitState(submit("a"), JobState.RUNNING);
        Job next = submit("b");
        assertThat(queue.dismiss(running.id()).orElseThrow().state()).isEqualTo(JobState.DISMISSED);
        awaitState(next, JobState.RUNNING);

        assertThat(folders.of(running.id()).root()).doesNotExist();
        assertThat(queue.find(running.id()).orElseThrow().state()).isEqualTo(JobState.DISMISSED);
        permits.release();
        awaitState(next, JobState.SUCCESSFUL);
    }

    @Test
    void aFinishedJobThatIsDismissedIsRemovedWithItsFiles() throws Exception {
        Job job = submit("a");
        permits.release();
        awaitState(job, JobState.SUCCESSFUL);
        assertThat(folders.of(job.id()).root()).exists();
        queue.dismiss(job.id());

        assertThat(queue.find(job.id())).isEmpty();
        assertThat(folders.of(job.id()).root()).doesNotExist();
        assertThat(queue.dismiss(job.id())).isEmpty();
    }

    @Test
    void aFailureIsToldInTheWordsOfTheJobAndABugInNone() throws Exception {
        permits.release(3);

        assertThat(awaitState(submit("impossible"), JobState.FAILED).message()).isEqualTo("the images differ in size");
        assertThat(awaitState(submit("broken"), JobState.FAILED).message())
                .doesNotContain("bug")
                .contains("log");
        assertThat(awaitState(submit("huge"), JobState.FAILED).message()).contains("memory");
        assertThat(said).hasSize(2);
    }

    @Test
    void afterARestartTheJobThatRanStartsAgainBeforeThoseThatWaited() throws Exception {
        Job running = awaitState(submit("a"), JobState.RUNNING);
        Job waiting = submit("b");
        close();
        // Before the new queue: it takes up the first job at once.
        ran.clear();
        open();
        assertThat(queue.find(waiting.id())).isPresent();
        permits.release(2);
        awaitState(queue.find(waiting.id()).orElseThrow(), JobState.SUCCESSFUL);

        assertThat(ran).containsExactly(running.id(), waiting.id());
        Optional<Job> again = queue.find(running.id());
        // It was stopped in good order, so this was the first attempt.
        assertThat(again.orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void howeverOftenTheServerIsStoppedInGoodOrderAJobIsTriedAgain() throws Exception {
        Job job = awaitState(submit("a"), JobState.RUNNING);
        for (int i = 0; i < 4; i++) {
            restart();
            awaitState(queue.find(job.id()).orElseThrow(), JobState.RUNNING);
        }
        permits.release();
        awaitState(queue.find(job.id()).orElseThrow(), JobState.SUCCESSFUL);
    }

    @Test
    void cancellingAJobThatTheStoreTakesForRunningLeavesTheOneThatRuns() throws Exception {
        Job running = awaitState(submit("a"), JobState.RUNNING);
        Job other = submit("b");
        store.update(other.startedAt(Instant.now()));

        assertThat(queue.dismiss(other.id()).orElseThrow().state()).isEqualTo(JobState.DISMISSED);
        permits.release();
        awaitState(queue.find(running.id()).orElseThrow(), JobState.SUCCESSFUL);
    }

    @Test
    void aJobThatEndedTheServerThreeTimesIsNotTriedAgain() throws Exception {
        Job job = awaitState(submit("a"), JobState.RUNNING);
        for (int i = 0; i < 2; i++) {
            crash(job);
            job = awaitState(queue.find(job.id()).orElseThrow(), JobState.RUNNING);
            assertThat(job.attempts()).isEqualTo(i + 2);
        }
        crash(job);

        Job end = queue.find(job.id()).orElseThrow();
        assertThat(end.state()).isEqualTo(JobState.FAILED);
        assertThat(end.message()).contains("stopped 3 times");
    }

    @Test
    void whoWaitsForAChangeIsLetGoWhenTheQueueCloses() throws Exception {
        Job running = awaitState(submit("a"), JobState.RUNNING);
        CountDownLatch done = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            try {
                Job seen = running;
                while (!queue.isStopping()) {
                    seen = queue.await(seen, Duration.ofMinutes(5)).orElseThrow();
                }
                done.countDown();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        queue.close();

        assertThat(done.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatAKilledRunLeftIsRemovedBeforeTheNext() throws Exception {
        Job job = awaitState(submit("a"), JobState.RUNNING);
        Path input = folders.of(job.id()).inputs().resolve("before.tif");
        Path stray = folders.of(job.id()).results().resolve(".results-0123.part/probability.tif");
        for (int i = 0; i < 3; i++) {
            Files.createDirectories(input.getParent());
            Files.writeString(input, "an image");
            Files.createDirectories(stray.getParent());
            Files.writeString(stray, "half of a result");
            crash(job);
            assertThat(stray.getParent()).doesNotExist();
            assertThat(input).exists();
            if (i < 2) {
                job = awaitState(queue.find(job.id()).orElseThrow(), JobState.RUNNING);
            }
        }
        assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void whoHoldsFilesOfAJobIsToldWhenItIsRemoved() throws Exception {
        List<String> gone = new ArrayList<>();
        queue.whenDiscarded(gone::add);
        Job job = submit("a");
        permits.release();
        awaitState(job, JobState.SUCCESSFUL);
        assertThat(gone).isEmpty();
        queue.dismiss(job.id());

        assertThat(gone).containsExactly(job.id());
    }
}
