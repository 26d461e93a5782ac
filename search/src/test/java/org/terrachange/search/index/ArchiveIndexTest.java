package org.terrachange.search.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveIndexTest {
    private static final int WINDOWS = 7;

    @TempDir
    Path folder;

    private final SyntheticArchive archive = new SyntheticArchive(7);

    private ArchiveIndex open() throws IOException {
        return ArchiveIndex.open(folder, SyntheticArchive.MODEL, List.of());
    }

    private void write(String... sources) throws IOException {
        try (ArchiveIndex index = open()) {
            for (String source : sources) {
                index.replace(source, "1", archive.source(source, WINDOWS));
            }
            index.commit();
        }
    }

    @Test
    void aSourceIsReplacedAsAWhole() throws IOException {
        write("a", "b");
        try (ArchiveIndex index = open()) {
            assertThat(index.stamp("a")).contains("1");
            index.replace("a", "2", archive.source("a", 2));
            assertThat(index.stamp("a")).contains("2");
            index.commit();
            assertThat(index.stamp("a")).contains("2");
        }
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            assertThat(searcher.changes()).isEqualTo(2 + WINDOWS);
            assertThat(searcher.find("a/1")).isPresent();
            assertThat(searcher.find("a/2")).isEmpty();
            assertThat(searcher.find("b/6")).isPresent();
            assertThat(searcher.reference()).isEmpty();
        }
    }

    @Test
    void aDeletedSourceIsGoneAndAskedForAgain() throws IOException {
        write("a", "b");
        try (ArchiveIndex index = open()) {
            index.delete("a");
            index.delete("never there");
            assertThat(index.stamp("a")).isEmpty();
            index.commit();
            assertThat(index.stamp("a")).isEmpty();
            assertThat(index.stamp("b")).contains("1");
        }
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            assertThat(searcher.sources()).isEqualTo(1);
            assertThat(searcher.search(archive.direction(), SearchFilter.NONE, 100))
                    .hasSize(WINDOWS)
                    .allMatch(hit -> hit.change().source().equals("b"));
        }
    }

    @Test
    void aPairWithoutWindowsIsKnown() throws IOException {
        try (ArchiveIndex index = open()) {
            index.replace("empty", "1", List.of());
            index.commit();
        }
        try (ArchiveIndex index = open();
                ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            assertThat(index.stamp("empty")).contains("1");
            assertThat(searcher.search(archive.direction(), SearchFilter.NONE, 5))
                    .isEmpty();
            assertThat(searcher.background(archive.direction())).isEmpty();
        }
    }

    @Test
    void whatWasNotCommittedIsGivenUp() throws IOException {
        write("a");
        try (ArchiveIndex index = open()) {
            index.replace("b", "1", archive.source("b", WINDOWS));
        }
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            assertThat(searcher.changes()).isEqualTo(WINDOWS);
        }
    }

    @Test
    void compactingChangesNothingThatIsFound() throws IOException {
        write("a", "b");
        write("c");
        float[] query = archive.clustered();
        List<Hit> before;
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            before = searcher.search(query, SearchFilter.NONE, 10);
        }
        try (ArchiveIndex index = open()) {
            index.compact();
            index.commit();
        }
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            assertThat(searcher.search(query, SearchFilter.NONE, 10)).isEqualTo(before);
        }
    }

    @Test
    void anotherModelIsRefusedByName() throws IOException {
        write("a");
        ModelFingerprint other = new ModelFingerprint("newer", "cd".repeat(32), SyntheticArchive.DIMENSION);
        assertThatThrownBy(() -> ArchiveIndex.open(folder, other, List.of()))
                .isInstanceOf(IndexException.class)
                .hasMessageContaining("holds vectors of the model synthetic (abababababab, 64 numbers), not of newer");
        assertThatThrownBy(() -> ArchiveSearcher.open(folder, other)).hasMessageContaining("not of newer");
        // Nothing of the refusal stays behind.
        write("b");
    }

    @Test
    void recordsThatContradictThemselvesAreRefused() throws IOException {
        try (ArchiveIndex index = open()) {
            EmbeddedChange change = archive.change("a", 0);
            assertThatThrownBy(() -> index.replace("b", "1", List.of(change)))
                    .hasMessage("a/0 is of the source a, not of b");
            assertThatThrownBy(() -> index.replace("a", "1", List.of(change, change)))
                    .hasMessage("a has the id a/0 twice");
            float[] narrow = {1, 0};
            assertThatThrownBy(() -> index.replace("a", "1", List.of(new EmbeddedChange(change.change(), narrow))))
                    .hasMessageContaining("its vector has 2 numbers");
            assertThatThrownBy(() -> new EmbeddedChange(change.change(), new float[64]))
                    .hasMessageContaining("must have length 1, got 0.0");
        }
    }

    @Test
    void aSecondWriterIsToldToWait() throws IOException {
        try (ArchiveIndex _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(IndexException.class)
                    .hasMessageContaining("another process is writing this index");
        }
    }

    @Test
    void foldersWithoutAnIndexAreRefused() throws IOException {
        Files.writeString(folder.resolve("holiday.txt"), "sea");
        assertThatThrownBy(this::open).hasMessageContaining("holds files but no index");
        assertThatThrownBy(() -> ArchiveSearcher.open(folder)).hasMessageContaining("holds no index");
        Path file = folder.resolve("holiday.txt");
        assertThatThrownBy(() -> ArchiveIndex.open(file, SyntheticArchive.MODEL, List.of()))
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> ArchiveSearcher.open(folder.resolve("nothing")))
                .hasMessageContaining("there is no such index");
    }

    @Test
    void anIndexThatWasKilledBeforeItsFirstCommitBeginsAnew() throws IOException {
        Files.writeString(folder.resolve("write.lock"), "");
        Files.writeString(folder.resolve("pending_segments_1"), "half");
        write("a");
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            assertThat(searcher.changes()).isEqualTo(WINDOWS);
        }
    }

    @Test
    void damagedFilesAreRefusedInOneLine() throws IOException {
        write("a", "b");
        SplittableRandom random = new SplittableRandom(11);
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> !file.getFileName().toString().equals("write.lock"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(2);
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(random.nextInt(whole.length));
            }
            assertDamaged(file);
            byte[] garbage = new byte[whole.length];
            random.nextBytes(garbage);
            Files.write(file, garbage);
            assertDamaged(file);
            Files.write(file, whole);
        }
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
            searcher.verify();
        }
    }

    private void assertDamaged(Path file) {
        assertThatThrownBy(() -> {
                    try (ArchiveSearcher searcher = ArchiveSearcher.open(folder)) {
                        searcher.verify();
                    }
                })
                .as("%s", file.getFileName())
                .isInstanceOf(IndexException.class)
                .message()
                .startsWith(folder + ": ")
                .doesNotContain("\n");
    }

    @Test
    void aFlippedBitIsFoundByVerifying() throws IOException {
        write("a");
        Path largest;
        try (Stream<Path> files = Files.list(folder)) {
            largest = files.max(java.util.Comparator.comparingLong(
                            file -> file.toFile().length()))
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
            file.seek(file.length() / 2);
            int old = file.read();
            file.seek(file.length() / 2);
            file.write(old ^ 4);
        }
        assertDamaged(largest);
    }

    /// A process that is killed while it writes, commits and merges leaves whole sources behind, at least those
    /// that it has reported as committed.
    @Test
    void aKilledWriterLeavesAnIndexOfWholeSources() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        System.out.println("aKilledWriterLeavesAnIndexOfWholeSources seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int reported = 0;
        try (var lines = writer.inputReader()) {
            int commits = 2 + random.nextInt(4);
            for (int i = 0; i < commits; i++) {
                String line = lines.readLine();
                assertThat(line).as("the writer ended by itself").isNotNull();
                reported = Integer.parseInt(line);
            }
            Thread.sleep(random.nextInt(60));
            writer.destroyForcibly();
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        try (ArchiveSearcher searcher = ArchiveSearcher.open(folder, SyntheticArchive.MODEL)) {
            searcher.verify();
            assertThat(searcher.sources()).isGreaterThanOrEqualTo(reported);
            assertThat(searcher.changes()).isEqualTo(searcher.sources() * WINDOWS);
        }
        try (ArchiveIndex index = open()) {
            assertThat(index.stamp("pair-0")).contains("1");
            index.replace("pair-0", "2", archive.source("pair-0", WINDOWS));
            index.commit();
        }
    }

    /// Adds and replaces sources for ever, and prints the number of sources after each commit.
    static final class EndlessWriter {
        public static void main(String[] arguments) throws IOException {
            SyntheticArchive archive = new SyntheticArchive(3);
            try (ArchiveIndex index = ArchiveIndex.open(Path.of(arguments[0]), SyntheticArchive.MODEL, List.of())) {
                for (int source = 0; ; source++) {
                    index.replace("pair-" + source, "1", archive.source("pair-" + source, WINDOWS));
                    index.replace("pair-" + source / 2, "1", archive.source("pair-" + source / 2, WINDOWS));
                    if (source % 40 == 39) {
                        index.commit();
                        System.out.println(source + 1);
                    }
                }
            }
        }
    }
}
