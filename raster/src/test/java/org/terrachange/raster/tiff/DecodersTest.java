package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.terrachange.raster.RasterException;

@Timeout(60)
class DecodersTest {

    @Test
    void eachTaskRunsOnceHoweverManyThreadsHelp() throws Exception {
        for (int threads : new int[] {1, 2, 7}) {
            var runs = new AtomicIntegerArray(500);
            Decoders.forEach(500, threads, i -> runs.incrementAndGet((int) i));
            for (int i = 0; i < 500; i++) {
                assertThat(runs.get(i))
                        .as("task %d with %d threads", i, threads)
                        .isEqualTo(1);
            }
        }
        Decoders.forEach(0, 4, _ -> {
            throw new AssertionError("there is nothing to do");
        });
    }

    @Test
    void readsInsideReadsAndInFullPoolsDoNotWaitForEachOther() throws Exception {
        var done = new AtomicLong();
        try (var pool = Executors.newFixedThreadPool(4)) {
            var calls = java.util.stream.IntStream.range(0, 16)
                    .mapToObj(_ -> pool.submit(() -> {
                        Decoders.forEach(10, 4, _ -> Decoders.forEach(10, 4, _ -> done.incrementAndGet()));
                        return done;
                    }))
                    .toList();
            for (Future<AtomicLong> call : calls) {
                call.get();
            }
        }
        assertThat(done.get()).isEqualTo(1600);
    }

    @Test
    void aFailureReachesTheReaderWhoeverMetIt() {
        for (int at : new int[] {0, 50, 99}) {
            assertThatThrownBy(() -> Decoders.forEach(100, 4, i -> {
                        if (i == at) {
                            throw new RasterException(Path.of("a.tif"), "is damaged at " + i);
                        }
                    }))
                    .isInstanceOf(RasterException.class)
                    .hasMessageEndingWith("is damaged at " + at);
        }
        assertThatThrownBy(() -> Decoders.forEach(100, 4, _ -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptedReaderStillWaitsForItsBlocks() throws Exception {
        var done = new AtomicLong();
        Thread.currentThread().interrupt();
        Decoders.forEach(200, 4, _ -> done.incrementAndGet());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(done.get()).isEqualTo(200);
    }
}
