package org.terrachange.search.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryFactory;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveSearcherTest {
    private static final int SOURCES = 300;
    private static final int WINDOWS = 10;

    private final long seed = System.nanoTime();
    private final SyntheticArchive archive = new SyntheticArchive(seed);
    private final List<EmbeddedChange> all = new ArrayList<>();
    private ArchiveSearcher searcher;

    @BeforeAll
    void build(@TempDir Path folder) throws IOException {
        System.out.println("ArchiveSearcherTest seed " + seed);
        List<float[]> unrelated = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            unrelated.add(archive.direction());
        }
        try (ArchiveIndex index = ArchiveIndex.open(folder, SyntheticArchive.MODEL, unrelated)) {
            for (int i = 0; i < SOURCES; i++) {
                List<EmbeddedChange> changes = archive.source("pair-" + i, WINDOWS);
                all.addAll(changes);
                index.replace("pair-" + i, "stamp", changes);
                if (i == SOURCES / 2) {
                    // Two segments, as an archive that grew has them.
                    index.commit();
                }
            }
            index.commit();
        }
        searcher = ArchiveSearcher.open(folder, SyntheticArchive.MODEL);
    }

    @AfterAll
    void close() throws IOException {
        searcher.close();
    }

    /// What the definition says, over everything.
    private List<String> expected(float[] query, SearchFilter filter, int count) {
        return all.stream()
                .filter(change -> passes(change.change(), filter))
                .sorted(Comparator.comparingDouble(change -> -UnitVectors.dot(query, change.embedding())))
                .limit(count)
                .map(change -> change.change().id())
                .toList();
    }

    private static boolean passes(ChangeRecord change, SearchFilter filter) {
        Optional<LocalDate> first = change.beforeDate().or(change::afterDate);
        Optional<LocalDate> last = change.afterDate().or(change::beforeDate);
        return filter.box()
                        .map(box -> change.footprint()
                                .filter(shape -> shape.intersects(new GeometryFactory()
                                        .toGeometry(new Envelope(box.west(), box.east(), box.south(), box.north()))))
                                .isPresent())
                        .orElse(true)
                && filter.from()
                        .map(day -> last.filter(d -> !d.isBefore(day)).isPresent())
                        .orElse(true)
                && filter.to()
                        .map(day -> first.filter(d -> !d.isAfter(day)).isPresent())
                        .orElse(true)
                && change.changedFraction() >= filter.minChangedFraction().orElse(0)
                && filter.source().map(change.source()::equals).orElse(true);
    }

    private static List<String> ids(List<Hit> hits) {
        return hits.stream().map(hit -> hit.change().id()).toList();
    }

    @Test
    void theGraphFindsWhatComparingAllFinds() throws IOException {
        int found = 0;
        for (int i = 0; i < 100; i++) {
            float[] query = archive.clustered();
            List<String> expected = expected(query, SearchFilter.NONE, 10);
            assertThat(ids(searcher.searchExactly(query, SearchFilter.NONE, 10)))
                    .isEqualTo(expected);
            List<String> hits = ids(searcher.search(query, SearchFilter.NONE, 10));
            assertThat(hits).hasSize(10).doesNotHaveDuplicates();
            found += (int) hits.stream().filter(expected::contains).count();
        }
        assertThat(found / 1000.0).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void filtersLetPassWhatTheySayAndNothingElse() throws IOException {
        SplittableRandom random = new SplittableRandom(seed + 1);
        int found = 0;
        int possible = 0;
        for (int i = 0; i < 150; i++) {
            SearchFilter filter = filter(random);
            float[] query = archive.clustered();
            List<String> expected = expected(query, filter, 10);
            assertThat(ids(searcher.searchExactly(query, filter, 10)))
                    .as("%s", filter)
                    .isEqualTo(expected);
            List<Hit> hits = searcher.search(query, filter, 10);
            assertThat(hits).as("%s", filter).allMatch(hit -> passes(hit.change(), filter));
            assertThat(hits).as("%s", filter).hasSameSizeAs(expected);
            found += (int) ids(hits).stream().filter(expected::contains).count();
            possible += expected.size();
            assertThat(searcher.searchWords(query, "a road", filter, 10))
                    .as("%s", filter)
                    .allMatch(hit -> passes(hit.change(), filter));
        }
        assertThat(found / (double) possible).isGreaterThanOrEqualTo(0.95);
    }

    private static SearchFilter filter(SplittableRandom random) {
        SearchFilter filter = SearchFilter.NONE;
        if (random.nextBoolean()) {
            double west = -180 + 300 * random.nextDouble();
            double south = -90 + 150 * random.nextDouble();
            filter = filter.withBox(
                    new GeoBox(west, south, west + 60 * random.nextDouble(), south + 30 * random.nextDouble()));
        }
        if (random.nextBoolean()) {
            LocalDate from = LocalDate.ofEpochDay(15_000 + random.nextInt(3000));
            filter = filter.withFrom(from);
            if (random.nextBoolean()) {
                filter = filter.withTo(from.plusDays(random.nextInt(600)));
            }
        }
        if (random.nextBoolean()) {
            filter = filter.withMinChangedFraction(random.nextDouble());
        }
        if (random.nextInt(8) == 0) {
            filter = filter.withSource("pair-" + random.nextInt(SOURCES));
        }
        return filter;
    }

    @Test
    void aHitCarriesAllThatWasStoredAndItsExactCosine() throws IOException {
        for (int i = 0; i < 50; i++) {
            EmbeddedChange change = all.get((i * 997) % all.size());
            Hit best = searcher.search(change.embedding(), SearchFilter.NONE, 1).getFirst();
            assertThat(best.change()).isEqualTo(change.change());
            assertThat(best.cosine()).isCloseTo(1, within(1e-5));
            assertThat(searcher.find(change.change().id())).contains(change.change());
            assertThat(searcher.embedding(change.change().id()).orElseThrow()).isEqualTo(change.embedding());
        }
    }

    @Test
    void theLengthOfAQueryDoesNotMatter() throws IOException {
        float[] query = archive.clustered();
        float[] longer = query.clone();
        for (int i = 0; i < longer.length; i++) {
            longer[i] *= 7;
        }
        assertThat(ids(searcher.search(longer, SearchFilter.NONE, 10)))
                .isEqualTo(ids(searcher.search(query, SearchFilter.NONE, 10)));
    }

    @Test
    void searchByExampleLeavesTheExampleOut() throws IOException {
        String example = all.get(17).change().id();
        List<String> hits = ids(searcher.searchLike(example, SearchFilter.NONE, 10));
        assertThat(hits).hasSize(10).doesNotContain(example);
        assertThat(expected(all.get(17).embedding(), SearchFilter.NONE, 11)).containsAll(hits.subList(0, 5));
        assertThatThrownBy(() -> searcher.searchLike("nobody", SearchFilter.NONE, 10))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("no change of the id nobody");
    }

    @Test
    void wordsBringForwardWhatCaptionsSay() throws IOException {
        float[] query = archive.direction();
        List<Hit> hits = searcher.searchWords(query, "harbours", SearchFilter.NONE, 20);
        long saying = hits.stream()
                .filter(hit -> hit.change().captions().toString().contains("harbour"))
                .count();
        long without = searcher.search(query, SearchFilter.NONE, 20).stream()
                .filter(hit -> hit.change().captions().toString().contains("harbour"))
                .count();
        assertThat(saying).isGreaterThanOrEqualTo(10).isGreaterThanOrEqualTo(without);
        assertThat(ids(hits)).doesNotHaveDuplicates().hasSize(20);
        assertThat(ids(searcher.searchWords(query, "the of", SearchFilter.NONE, 5)))
                .isEqualTo(ids(searcher.search(query, SearchFilter.NONE, 5)));
    }

    @Test
    void aBoxMayCrossTheAntimeridian() throws IOException {
        SearchFilter across = SearchFilter.NONE.withBox(new GeoBox(170, -90, -170, 90));
        List<Hit> hits = searcher.searchExactly(archive.clustered(), across, ArchiveSearcher.MOST);
        long expected = all.stream()
                .filter(change -> change.change()
                        .footprint()
                        .map(shape -> shape.getEnvelopeInternal().getMaxX() >= 170
                                || shape.getEnvelopeInternal().getMinX() <= -170)
                        .orElse(false))
                .count();
        assertThat(hits).hasSize((int) expected);
    }

    @Test
    void aMatchStandsFarAboveChanceAndAnUnrelatedQueryDoesNot() throws IOException {
        ScoreReference chance = searcher.reference().orElseThrow();
        assertThat(chance.mean()).isCloseTo(0, within(0.1));
        assertThat(chance.deviation()).isCloseTo(1 / Math.sqrt(SyntheticArchive.DIMENSION), within(0.06));
        double match = searcher.search(all.getFirst().embedding(), SearchFilter.NONE, 1)
                .getFirst()
                .cosine();
        assertThat(chance.isBeyondChance(match)).isTrue();
        assertThat(chance.deviationsAbove(match)).isGreaterThan(5);
        assertThat(chance.isBeyondChance(chance.median())).isFalse();
        ScoreReference own = searcher.background(all.getFirst().embedding()).orElseThrow();
        assertThat(own.deviationsAbove(match)).isGreaterThan(3);
    }

    @Test
    void queriesOfAnotherWidthOrWithoutDirectionAreRefused() {
        assertThatThrownBy(() -> searcher.search(new float[3], SearchFilter.NONE, 1))
                .hasMessageContaining("has 3 numbers, those of the index have 64");
        assertThatThrownBy(() -> searcher.search(new float[64], SearchFilter.NONE, 1))
                .hasMessageContaining("no direction");
        assertThatThrownBy(() -> searcher.search(archive.direction(), SearchFilter.NONE, 0))
                .hasMessageContaining("between 1 and 10000, got 0");
    }

    @Test
    void anUndamagedIndexVerifies() throws IOException {
        searcher.verify();
        assertThat(searcher.changes()).isEqualTo(SOURCES * WINDOWS);
        assertThat(searcher.sources()).isEqualTo(SOURCES);
    }
}
