package org.terrachange.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.terrachange.server.storage.Shelf;

class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    /// Things of 10 bytes, besides bytes that cannot be thrown away.
    private static final class Things implements Shelf {
        private final Map<String, Instant> kept = new LinkedHashMap<>();
        private final long fixed;

        Things(long fixed) {
            this.fixed = fixed;
        }

        Things with(String id, Duration age) {
            kept.put(id, NOW.minus(age));
            return this;
        }

        @Override
        public List<Item> items() {
            List<Item> items = new ArrayList<>();
            kept.forEach((id, lastUsed) -> items.add(new Item(id, lastUsed, 10)));
            return items;
        }

        @Override
        public long bytes() {
            return fixed + 10L * kept.size();
        }

        @Override
        public void discard(String id) {
            kept.remove(id);
        }
    }

    private static void sweep(long mostBytes, Shelf... shelves) throws Exception {
        try (Retention retention = new Retention(List.of(shelves), Duration.ofDays(7), mostBytes, _ -> {})) {
            retention.sweep(NOW);
        }
    }

    @Test
    void whatNobodyUsedForLongGoes() throws Exception {
        Things things = new Things(0).with("old", Duration.ofDays(8)).with("young", Duration.ofDays(6));
        sweep(1_000, things);

        assertThat(things.kept).containsOnlyKeys("young");
    }

    @Test
    void theLongestUnusedGoWhileThereIsTooMuch() throws Exception {
        Things uploads = new Things(0).with("a", Duration.ofDays(2)).with("b", Duration.ofDays(5));
        Things jobs = new Things(0).with("c", Duration.ofDays(4)).with("d", Duration.ofDays(1));
        sweep(20, uploads, jobs);

        assertThat(uploads.kept).containsOnlyKeys("a");
        assertThat(jobs.kept).containsOnlyKeys("d");
    }

    @Test
    void roomIsMadeForSomethingNewAsFarAsPossible() throws Exception {
        Things things = new Things(50).with("old", Duration.ofDays(2)).with("young", Duration.ofHours(1));
        try (Retention retention = new Retention(List.of(things), Duration.ofDays(7), 100, _ -> {})) {
            assertThat(retention.makeRoom(30, NOW)).isTrue();
            assertThat(things.kept).containsOnlyKeys("old", "young");
            assertThat(retention.makeRoom(40, NOW)).isTrue();
            assertThat(things.kept).containsOnlyKeys("young");
            assertThat(retention.makeRoom(60, NOW)).isFalse();
        }
    }

    @Test
    void whatCameThisMinuteStaysHoweverFullTheDisk() throws Exception {
        Things things = new Things(1_000).with("new", Duration.ofSeconds(10)).with("older", Duration.ofHours(1));
        sweep(100, things);

        assertThat(things.kept).containsOnlyKeys("new");
    }

    @Test
    void nothingGoesForWhatCannotFitInAnyCase() throws Exception {
        Things things = new Things(50).with("old", Duration.ofDays(2)).with("new", Duration.ofSeconds(10));
        try (Retention retention = new Retention(List.of(things), Duration.ofDays(7), 100, _ -> {})) {
            assertThat(retention.makeRoom(41, NOW)).isFalse();
            assertThat(retention.makeRoom(200, NOW)).isFalse();
            assertThat(retention.makeRoom(Long.MAX_VALUE, NOW)).isFalse();
            assertThat(things.kept).containsOnlyKeys("old", "new");
            assertThat(retention.makeRoom(40, NOW)).isTrue();
            assertThat(things.kept).containsOnlyKeys("new");
        }
    }
}
