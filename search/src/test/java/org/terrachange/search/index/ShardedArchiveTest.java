package org.terrachange.search.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedArchiveTest {
    private static final int SOURCES = 60;
    private static final int WINDOWS = 10;
    private static final int SHARDS = 4;

    @TempDir
    Path folder;

    private final long seed = System.nanoTime();
    private final SyntheticArchive archive = new SyntheticArchive(seed);
    private final List<float[]> unrelated = new ArrayList<>();
    private Path single;
    private Path sharded;

    @BeforeEach
    void build() throws IOException {
        System.out.println("ShardedArchiveTest seed " + seed);
        for (int i = 0; i < 20; i++) {
            unrelated.add(archive.direction());
        }
        single = folder.resolve("single");
        sharded = folder.resolve("sharded");
        List<List<EmbeddedChange>> sources = new ArrayList<>();
        for (int i = 0; i < SOURCES; i++) {
            sources.add(archive.source("pair-" + i, WINDOWS));
        }
        index(single, sources, 0, SOURCES, unrelated);
        for (int shard = 0; shard < SHARDS; shard++) {
            index(
                    ShardedArchive.shard(sharded, shard),
                    sources,
                    shard * SOURCES / SHARDS,
                    (shard + 1) * SOURCES / SHARDS,
                    List.of());
        }
        ShardedArchive.unite(sharded, SHARDS, SyntheticArchive.MODEL, unrelated);
    }

    private static void index(Path to, List<List<EmbeddedChange>> sources, int from, int end, List<float[]> unrelated)
            throws IOException {
        try (ArchiveIndex index = ArchiveIndex.open(to, SyntheticArchive.MODEL, unrelated)) {
            for (int i = from; i < end; i++) {
                index.replace("pair-" + i, "stamp", sources.get(i));
            }
            index.commit();
        }
    }

    private static void assertSame(List<Hit> hits, List<Hit> expected) {
        assertThat(hits.stream().map(hit -> hit.change().id() + " " + hit.cosine()))
                .containsExactlyElementsOf(expected.stream()
                        .map(hit -> hit.change().id() + " " + hit.cosine())
                        .toList());
    }

    @Test
    void anArchiveInFourShardsAnswersLikeOneIndex() throws IOException {
        List<SearchFilter> filters = List.of(
                SearchFilter.NONE,
                SearchFilter.NONE.withMinChangedFraction(0.5),
                SearchFilter.NONE.withBox(new GeoBox(-90, -45, 90, 45)),
                SearchFilter.NONE.withFrom(LocalDate.ofEpochDay(16_500)),
                SearchFilter.NONE.withSource("pair-17"));
        try (ArchiveSearcher one = ArchiveSearcher.open(single, SyntheticArchive.MODEL);
                ArchiveSearcher four = ArchiveSearcher.open(sharded, SyntheticArchive.MODEL)) {
            assertThat(four.changes()).isEqualTo(one.changes()).isEqualTo(SOURCES * WINDOWS);
            assertThat(four.sources()).isEqualTo(one.sources());
            assertThat(four.model()).isEqualTo(one.model());
            assertThat(four.reference()).isPresent().isEqualTo(one.reference());
            for (SearchFilter filter : filters) {
                for (int i = 0; i < 5; i++) {
                    float[] query = archive.clustered();
                    assertSame(four.searchExactly(query, filter, 20), one.searchExactly(query, filter, 20));
                    // Some hundred candidates of six hundred changes: the graphs of both give all of the best ten.
                    assertSame(four.search(query, filter, 10), one.searchExactly(query, filter, 10));
                    assertThat(four.background(query)).isEqualTo(one.background(query));
                    assertThat(four.searchWords(query, "a road through the forest", filter, 10))
                            .hasSameSizeAs(one.searchWords(query, "a road through the forest", filter, 10));
                }
            }
            assertSame(
                    four.searchLike("pair-31/4", SearchFilter.NONE, 5),
                    one.searchLike("pair-31/4", SearchFilter.NONE, 5));
            assertThat(four.find("pair-59/9")).isPresent();
            assertThat(four.embedding("pair-59/9").orElseThrow())
                    .isEqualTo(one.embedding("pair-59/9").orElseThrow());
            four.verify();
        }
    }

    @Test
    void aShardThatIsMissingIsNamed() throws IOException {
        Path gone = ShardedArchive.shard(sharded, 2);
        Files.move(gone, folder.resolve("elsewhere"));

        assertThatThrownBy(() -> ArchiveSearcher.open(sharded))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("shard-00002");
    }

    @Test
    void aShardOfAnotherModelIsRefused() throws IOException {
        Path foreign = ShardedArchive.shard(sharded, SHARDS);
        ModelFingerprint other = new ModelFingerprint("other", "cd".repeat(32), SyntheticArchive.DIMENSION);
        ArchiveIndex.open(foreign, other, List.of()).close();

        assertThatThrownBy(() -> ShardedArchive.unite(sharded, SHARDS + 1, SyntheticArchive.MODEL, unrelated))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("shard-00004")
                .hasMessageContaining("not of");
        assertThat(ShardedArchive.of(sharded).orElseThrow().strangers()).containsExactly(foreign);
    }

    @Test
    void writingIntoAnArchiveInShardsAsIntoAnIndexIsRefusedWithTheRightCommand() {
        assertThatThrownBy(() -> ArchiveIndex.open(sharded, SyntheticArchive.MODEL, List.of()))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("batch embed");
    }

    @Test
    void aDamagedDescriptionIsRefused() throws IOException {
        Files.writeString(sharded.resolve("archive.json"), "{\"format\":\"terrachange-shards-1\",\"shards\":");

        assertThatThrownBy(() -> ArchiveSearcher.open(sharded))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("archive.json is damaged");
    }
}
