package org.terrachange.server.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.search.index.IndexException;
import org.terrachange.search.index.SearchFilter;
import org.terrachange.search.query.ArchiveQuery;
import org.terrachange.search.query.Example;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;
import org.terrachange.server.fixture.BundledModels;
import org.terrachange.server.fixture.SmallArchive;

final class ArchiveServiceTest {
    private static final ComputeMode CPU = ComputeMode.parse("cpu", "fp32");

    @TempDir
    private static Path folder;

    private static ArchiveService archive;

    @BeforeAll
    static void open() throws Exception {
        archive = new ArchiveService(SmallArchive.make(folder, CPU), BundledModels.search(), CPU);
    }

    @AfterAll
    static void close() throws IOException {
        archive.close();
    }

    @Test
    void aTextFindsChangesBestFirst() throws Exception {
        SearchAnswer answer = archive.answer(ArchiveQuery.of("new houses along a road", 5));
        assertThat(answer.searched()).isEqualTo(archive.changes()).isPositive();
        assertThat(answer.hits()).isNotEmpty();
        assertThat(answer.hits().stream().map(hit -> -hit.score()).toList()).isSorted();
    }

    @Test
    void hitsNameTheirImagesWithoutTheFolders() throws Exception {
        for (ScoredHit hit : archive.answer(ArchiveQuery.of("houses", 5)).hits()) {
            assertThat(hit.change().before()).isNotEmpty().doesNotContain("/", "\\", folder.toString());
            assertThat(hit.change().after()).isNotEmpty().doesNotContain("/", "\\", folder.toString());
        }
        assertThat(ArchiveService.name("/archive/of/ours/a.tif")).isEqualTo("a.tif");
        assertThat(ArchiveService.name("C:\\ours\\a.tif")).isEqualTo("a.tif");
        assertThat(ArchiveService.name("https://host/a.tif?key=secret/1")).isEqualTo("a.tif");
        assertThat(ArchiveService.name("/archive/levir.h5#images_a/3")).isEqualTo("levir.h5#images_a/3");
    }

    @Test
    void anExampleIsNoHitOfItself() throws Exception {
        ScoredHit first = archive.answer(ArchiveQuery.of("houses", 1)).hits().getFirst();
        ArchiveQuery like = new ArchiveQuery(
                Optional.empty(),
                Optional.of(new Example.Indexed(first.change().id())),
                Optional.empty(),
                false,
                SearchFilter.NONE,
                10);
        assertThat(archive.answer(like).hits())
                .extracting(hit -> hit.change().id())
                .doesNotContain(first.change().id());
    }

    @Test
    void picturesOfAHitHaveOneSizeAndShowDifferentThings() throws Exception {
        ScoredHit hit = archive.answer(ArchiveQuery.of("houses", 1)).hits().getFirst();
        String id = hit.change().id();
        byte[] before = archive.picture(id, ArchiveService.Picture.BEFORE).orElseThrow();
        byte[] after = archive.picture(id, ArchiveService.Picture.AFTER).orElseThrow();
        byte[] change = archive.picture(id, ArchiveService.Picture.CHANGE).orElseThrow();
        byte[] relevance = archive.relevance(id, ArchiveQuery.of("houses", 1)).orElseThrow();
        assertThat(before).isNotEqualTo(after);
        assertThat(after).isNotEqualTo(change).isNotEqualTo(relevance);
        for (byte[] png : new byte[][] {before, after, change, relevance}) {
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
            assertThat(Math.max(picture.getWidth(), picture.getHeight())).isEqualTo(384);
        }
    }

    @Test
    void whatTheArchiveDoesNotHaveHasNoPicture() throws Exception {
        assertThat(archive.picture("nothing", ArchiveService.Picture.BEFORE)).isEmpty();
        assertThat(archive.has("nothing")).isFalse();
    }

    @Test
    void keysOfHitsAreAddressesWhateverTheIdsHold() {
        String id = "päir/../x y?z#1\u4e00";
        assertThat(HitKey.of(id)).matches("[A-Za-z0-9_-]+");
        assertThat(HitKey.id(HitKey.of(id))).contains(id);
        assertThat(HitKey.id("not*base64")).isEmpty();
        assertThat(HitKey.id("_w")).as("bytes that are no UTF-8").isEmpty();
    }

    @Test
    void aFolderWithoutAnIndexIsNamed(@TempDir Path empty) throws Exception {
        Path missing = Files.createDirectory(empty.resolve("no-index"));
        try (ArchiveService broken = new ArchiveService(missing, BundledModels.search(), CPU)) {
            assertThatThrownBy(broken::changes)
                    .isInstanceOf(IndexException.class)
                    .hasMessageContaining("no-index");
        }
    }
}
