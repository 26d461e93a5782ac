package org.terrachange.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jerolba.carpet.CarpetReader;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.catalogue.Catalogue;
import org.terrachange.data.catalogue.PairEntry;
import org.terrachange.detect.Detection;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.product.ProbabilityFormat;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ComputeThreads;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.raster.cog.Compression;
import org.terrachange.raster.warp.Interpolation;
import org.terrachange.raster.warp.TargetGrid;
import org.terrachange.search.archive.ArchiveIndexer;
import org.terrachange.search.index.ArchiveIndex;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.ModelFingerprint;
import org.terrachange.search.model.SearchModel;
import org.terrachange.search.query.ArchiveQuery;
import org.terrachange.search.query.ArchiveSearch;
import org.terrachange.search.query.SearchAnswer;
import org.terrachange.spark.detection.BatchDetection;
import org.terrachange.spark.detection.DetectSettings;
import org.terrachange.spark.embedding.BatchEmbedding;
import org.terrachange.spark.fleet.DeliveredFile;
import org.terrachange.spark.fleet.Fleet;
import org.terrachange.spark.fleet.FleetSettings;
import org.terrachange.spark.fleet.LoadedModels;
import org.terrachange.spark.fleet.SparkFleet;
import org.terrachange.spark.fleet.Work;
import org.terrachange.spark.input.DetectorSource;
import org.terrachange.spark.input.SearchModelSource;
import org.terrachange.spark.output.OutputFolder;
import org.terrachange.spark.query.BatchSearch;

/// Detection, embedding and search over a small catalogue in one Spark application of two workers.
class BatchOnSparkTest {
    private static final int BANDED_HEIGHT = 300;

    @TempDir
    private static Path shared;

    private static SparkFleet fleet;
    private static DetectorSource detector;
    private static SearchModelSource search;
    private static Path detectorFile;
    private static Path searchFile;
    private static Path catalogue;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        detectorFile = TinyModels.detector(shared.resolve("model.safetensors"));
        searchFile =
                TinyModels.search(Files.createDirectories(shared.resolve("s")).resolve("model.safetensors"));
        catalogue = Files.createDirectories(shared.resolve("pairs"));
        for (String date : List.of("A", "B")) {
            Path images = Files.createDirectories(catalogue.resolve(date));
            for (int i = 0; i < 3; i++) {
                scene(images.resolve("pair" + i + ".tif"), 70 + i, 64);
            }
            scene(images.resolve("large.tif"), 90, BANDED_HEIGHT);
            scene(images.resolve("a broken one.tif"), 64, 64);
        }
        Path broken = catalogue.resolve("A/a broken one.tif");
        Files.write(broken, Arrays.copyOf(Files.readAllBytes(broken), 700));
        fleet = SparkFleet.start(new FleetSettings(Optional.of("local[2,3]"), Map.of(), Optional.empty()));
        detector = DetectorSource.deliver(fleet, detectorFile, ComputeMode.REFERENCE, false);
        search = SearchModelSource.deliver(fleet, searchFile, fingerprint(), ComputeMode.REFERENCE);
    }

    @AfterAll
    static void stop() throws IOException {
        fleet.close();
    }

    private static ModelFingerprint fingerprint() throws IOException {
        return new ModelFingerprint("tiny", Sha256.of(searchFile).hex(), 16);
    }

    private static void scene(Path file, int width, int height) throws IOException {
        Grid grid = Grid.of(width, height, Affine.northUp(500_000, 4_000_000, 0.5, 0.5), Crs.ofEpsg(32633));
        Random random = new Random(file.getParent().getFileName().toString().hashCode() + width);
        byte[][] bands = new byte[3][width * height];
        for (byte[] band : bands) {
            random.nextBytes(band);
        }
        try (CogWriter writer = CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, 3))) {
            writer.append(PixelBlock.ofBytes(grid.window(), bands));
            writer.finish();
        }
    }

    private static DetectSettings settings(double threshold) {
        return new DetectSettings(
                null,
                null,
                null,
                TargetGrid.BEFORE,
                Interpolation.CUBIC,
                null,
                GsdPolicy.NATIVE,
                false,
                null,
                threshold,
                64,
                16,
                0,
                "0px",
                List.of("geojson", "fgb"),
                ProbabilityFormat.FLOAT32,
                Compression.DEFLATE);
    }

    private static final class Notes implements BatchDetection.Listener {
        final List<String> failed = new ArrayList<>();

        @Override
        public void progress(String round, long done, long of) {
            assertThat(done).isBetween(1L, of);
        }

        @Override
        public void failed(String pair, String reason) {
            failed.add(pair + ": " + reason);
        }
    }

    private static BatchDetection.Outcome detect(Fleet workers, Path out, double threshold) throws Exception {
        return new BatchDetection(workers, settings(threshold), detector, 2, new Notes()).run(catalogue, out);
    }

    /// The files of all pairs by their names, without what a single detection does not write, and without the time
    /// that it took.
    private static Map<String, Object> files(Path out) throws IOException {
        Map<String, Object> files = new HashMap<>();
        try (var all = Files.walk(out)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = out.relativize(file).toString();
                if (!name.endsWith("batch.json") && !name.equals(BatchDetection.TABLE)) {
                    files.put(
                            name,
                            name.endsWith(".json") || name.endsWith(".html")
                                    ? Files.readString(file)
                                            .replaceAll("\"seconds\" : [0-9.E-]+", "")
                                            .replaceAll("[0-9.]+ (s|seconds)\\b", "")
                                    : Arrays.hashCode(Files.readAllBytes(file)));
                }
            }
        }
        return files;
    }

    /// Every pair through a single detection.
    private static Map<String, Object> expected(Path out) throws Exception {
        try (ChangeDetector network = ChangeDetector.load(detectorFile, ComputeMode.REFERENCE)) {
            for (String name : List.of("pair0", "pair1", "pair2", "large")) {
                PairEntry pair = PairEntry.of(
                        name,
                        catalogue.resolve("A").resolve(name + ".tif").toString(),
                        catalogue.resolve("B").resolve(name + ".tif").toString());
                Detection.run(network, settings(0.5).request(pair, out.resolve(name)), (_, _) -> {});
            }
        }
        return files(out);
    }

    @SuppressWarnings("rawtypes")
    private static Map<String, Map> table(Path out) throws IOException {
        Map<String, Map> rows = new HashMap<>();
        for (Map row : new CarpetReader<>(out.resolve(BatchDetection.TABLE).toFile(), Map.class).toList()) {
            rows.put(String.valueOf(row.get("pair")), row);
        }
        return rows;
    }

    @Test
    void everyPairGetsTheFilesOfASingleDetectionAndABadOneARow() throws Exception {
        Path out = folder.resolve("out");
        Notes notes = new Notes();
        BatchDetection.Outcome outcome =
                new BatchDetection(fleet, settings(0.5), detector, 2, notes).run(catalogue, out);

        assertThat(outcome).isEqualTo(new BatchDetection.Outcome(4, 0, 1, 3));
        assertThat(notes.failed)
                .singleElement()
                .asString()
                .startsWith("a broken one: ")
                .contains("truncated");
        Map<String, Object> expected = expected(folder.resolve("single"));
        assertThat(files(out)).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(out.resolve(".batch")).doesNotExist();
        var table = table(out);
        assertThat(table).hasSize(5);
        assertThat(table.get("large"))
                .containsEntry("status", "done")
                .containsEntry("folder", "large")
                .containsEntry("height", (long) BANDED_HEIGHT)
                .extractingByKey("geometry")
                .isNotNull();
        assertThat(table.get("a broken one"))
                .containsEntry("status", "failed")
                .containsEntry("folder", null)
                .extractingByKey("error")
                .asString()
                .contains("truncated");

        assertThat(detect(fleet, out, 0.5)).isEqualTo(new BatchDetection.Outcome(0, 4, 1, 0));
        Files.writeString(out.resolve("pair1/batch.json"), "{}");
        assertThat(detect(fleet, out, 0.5)).isEqualTo(new BatchDetection.Outcome(1, 3, 1, 0));
        assertThat(files(out)).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(detect(fleet, out, 0.6)).as("another threshold").isEqualTo(new BatchDetection.Outcome(4, 0, 1, 3));
        assertThat(files(out)).isNotEqualTo(expected);
    }

    /// Loses answers: of each task, the first attempt dies after its work or before it.
    private record DyingFleet(Fleet fleet) implements Fleet {
        @Override
        public <T extends Serializable, R extends Serializable> void run(
                List<T> tasks, Work<T, R> work, Consumer<R> answers) throws IOException, InterruptedException {
            fleet.run(
                    tasks,
                    task -> {
                        TaskContext context = TaskContext.get();
                        if (context.attemptNumber() == 0) {
                            if (context.partitionId() % 2 == 0) {
                                R lost = work.answer(task);
                                throw new AssertionError("dies with its answer " + lost);
                            }
                            throw new AssertionError("dies before its work");
                        }
                        return work.answer(task);
                    },
                    answers);
        }

        @Override
        public DeliveredFile deliver(Path file, String role) throws IOException {
            return fleet.deliver(file, role);
        }
    }

    @Test
    void attemptsThatDieLeaveNeitherHalfNorDoubleResults() throws Exception {
        Path out = folder.resolve("out");
        // What a process that was killed leaves.
        Path work = Files.createDirectories(out.resolve(".batch"));
        Files.writeString(
                Files.createDirectories(work.resolve("attempt-half/x")).resolve("mask.tif"), "half");

        detect(new DyingFleet(fleet), out, 0.5);

        assertThat(files(out)).containsExactlyInAnyOrderEntriesOf(expected(folder.resolve("single")));
        assertThat(table(out)).hasSize(5);
        assertThat(work).doesNotExist();
    }

    /// Breaks down when a round begins.
    private static final class BreakingFleet implements Fleet {
        private final int breaking;
        private int rounds;

        /// @param breaking number of the round, from 1
        BreakingFleet(int breaking) {
            this.breaking = breaking;
        }

        @Override
        public <T extends Serializable, R extends Serializable> void run(
                List<T> tasks, Work<T, R> work, Consumer<R> answers) throws IOException, InterruptedException {
            rounds++;
            if (rounds == breaking) {
                throw new IOException("the cluster is gone");
            }
            fleet.run(tasks, work, answers);
        }

        @Override
        public DeliveredFile deliver(Path file, String role) throws IOException {
            return fleet.deliver(file, role);
        }
    }

    @Test
    void bandsOfABrokenRunAreGoneOnWithAndDamagedOnesMadeAgain() throws Exception {
        Path out = folder.resolve("out");
        assertThatThrownBy(() -> detect(new BreakingFleet(3), out, 0.5)).hasMessage("the cluster is gone");
        List<Path> bands = bands(out);
        assertThat(bands).hasSize(3);
        assertThat(out.resolve("large")).doesNotExist();

        byte[] bytes = Files.readAllBytes(bands.get(1));
        bytes[bytes.length / 2] ^= 1;
        Files.write(bands.get(1), bytes);
        Notes notes = new Notes();
        assertThat(new BatchDetection(fleet, settings(0.5), detector, 2, notes).run(catalogue, out))
                .as("the damaged band is taken as it is, and found out")
                .isEqualTo(new BatchDetection.Outcome(0, 3, 2, 3));
        assertThat(notes.failed).anyMatch(note -> note.startsWith("large: ") && note.contains("run the same command"));
        assertThat(bands(out)).containsExactly(bands.get(0), bands.get(2));

        assertThat(detect(fleet, out, 0.5)).isEqualTo(new BatchDetection.Outcome(1, 3, 1, 3));
        assertThat(files(out)).containsExactlyInAnyOrderEntriesOf(expected(folder.resolve("single")));
    }

    private static List<Path> bands(Path out) throws IOException {
        try (var files = Files.walk(out.resolve(".batch"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("band-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void twoRunsDoNotWriteIntoOneFolder() throws Exception {
        Path out = folder.resolve("out");
        try (OutputFolder held = OutputFolder.hold(out)) {
            assertThat(held.root()).isDirectory();
            assertThatThrownBy(() -> detect(fleet, out, 0.5))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("another run is writing");
        }
    }

    @Test
    void aFolderOfSomebodyElseIsNotReplacedByThatOfAPair() throws Exception {
        Path out = folder.resolve("out");
        Path image =
                Files.writeString(Files.createDirectories(out.resolve("pair1")).resolve("before.tif"), "mine");
        Path file = Files.writeString(out.resolve("large"), "mine too");
        Notes notes = new Notes();

        BatchDetection.Outcome outcome =
                new BatchDetection(fleet, settings(0.5), detector, 2, notes).run(catalogue, out);

        assertThat(outcome).as("no band of the large scene is begun").isEqualTo(new BatchDetection.Outcome(2, 0, 3, 0));
        assertThat(image).hasContent("mine");
        assertThat(file).hasContent("mine too");
        assertThat(notes.failed)
                .filteredOn(note -> note.contains("exists, and holds no batch.json"))
                .hasSize(2)
                .allMatch(note -> note.contains("choose another --out"));
        assertThat(table(out).get("pair1")).containsEntry("status", "failed");

        BatchDetection again = new BatchDetection(fleet, settings(0.5), detector, 2, notes);
        byte[] before = Files.readAllBytes(out.resolve(BatchDetection.TABLE));
        assertThatThrownBy(() -> again.run(out.resolve(BatchDetection.TABLE), out))
                .as("the table of a run is a catalogue too")
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("is the file that this run would write");
        assertThat(out.resolve(BatchDetection.TABLE)).hasBinaryContent(before);
    }

    private BatchEmbedding.Outcome embed(Fleet workers, Path out, boolean retry) throws Exception {
        return new BatchEmbedding(workers, detector, search, new BatchEmbedding.Listener() {
                    @Override
                    public void progress(long pairs, long of) {
                        assertThat(of).isEqualTo(5);
                    }

                    @Override
                    public void failed(String pair, String reason) {
                        assertThat(pair).isEqualTo("a broken one");
                    }
                })
                .run(catalogue, out, 2, retry);
    }

    @Test
    void anArchiveInShardsAnswersLikeAnIndexOfTheSameCatalogue() throws Exception {
        Path out = folder.resolve("archive");
        BatchEmbedding.Outcome outcome = embed(new DyingFleet(fleet), out, false);
        assertThat(outcome.pairs()).isEqualTo(4);
        assertThat(outcome.failed()).isEqualTo(1);
        assertThat(outcome.shards()).isEqualTo(3);

        Path index = folder.resolve("index");
        try (SearchModel model = SearchModel.load(searchFile, ComputeMode.REFERENCE)) {
            try (ChangeDetector network = ChangeDetector.load(detectorFile, ComputeMode.REFERENCE);
                    ArchiveIndex writer = ArchiveIndex.open(index, fingerprint(), ArchiveSearch.unrelated(model))) {
                new ArchiveIndexer(writer, model, network)
                        .run(Catalogue.open(catalogue), false, new ArchiveIndexer.Listener() {
                            @Override
                            public void progress(double pairs, long of, String pair) {}

                            @Override
                            public void failed(String pair, String reason) {}
                        });
            }
            try (ArchiveSearcher one = ArchiveSearcher.open(index, fingerprint());
                    ArchiveSearcher many = ArchiveSearcher.open(out, fingerprint())) {
                assertThat(many.changes()).isEqualTo(one.changes()).isEqualTo((int) outcome.windows());
                assertThat(many.reference()).isPresent().isEqualTo(one.reference());
                ArchiveQuery query = ArchiveQuery.of("many houses", 10);
                ArchiveSearch asked = new ArchiveSearch(one, model);
                SearchAnswer expected = asked.find(query, asked.vector(query));
                ArchiveSearch shards = new ArchiveSearch(many, model);
                SearchAnswer answer = shards.find(query, shards.vector(query));
                assertThat(answer.hits().stream().map(hit -> hit.change().id() + " " + hit.score()))
                        .containsExactlyElementsOf(expected.hits().stream()
                                .map(hit -> hit.change().id() + " " + hit.score())
                                .toList());

                Path queries = Files.writeString(folder.resolve("q.txt"), "many houses\n\na lake appears\n");
                Path hits = folder.resolve("a folder/that is new/hits.csv");
                BatchSearch.Outcome found = new BatchSearch(fleet, search)
                        .run(org.terrachange.data.catalogue.QueryTable.read(queries), out, 10, hits, (_, _) -> {});
                assertThat(found.queries()).isEqualTo(2);
                assertThatThrownBy(() -> new BatchSearch(new BreakingFleet(1), search)
                                .run(List.of("a lake"), out, 10, out.resolve("archive.json/x.csv"), (_, _) -> {}))
                        .as("said before anything is asked")
                        .hasMessageContaining("its folder cannot be created");
                assertThat(Files.readAllLines(hits).stream()
                                .filter(line -> line.startsWith("\"many houses\""))
                                .map(line -> line.split(",")[2]))
                        .containsExactlyElementsOf(expected.hits().stream()
                                .map(hit -> Double.toString(hit.score()))
                                .toList());
            }
        }
        assertThat(vectors(out)).isEqualTo(outcome.windows());

        assertThat(embed(fleet, out, false).present()).isEqualTo(3);
        assertThat(embed(fleet, out, true).present())
                .as("one shard lacks a pair")
                .isEqualTo(2);
        Files.writeString(out.resolve("shard-00001/shard.json"), "{}");
        assertThat(embed(fleet, out, false).present())
                .as("a shard of another version")
                .isEqualTo(2);
        Path photos = Files.createDirectory(out.resolve("shard-00007"));
        Path photo = Files.writeString(photos.resolve("photo.txt"), "mine");
        embed(fleet, out, false);
        assertThat(photo).as("not a shard that is left over").hasContent("mine");
        Files.move(photos, out.resolve("shard-00001/photos"));
        Files.delete(out.resolve("shard-00001/shard.json"));
        assertThatThrownBy(() -> embed(fleet, out, false))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("shard-00001: exists, and holds no shard.json")
                .hasMessageContaining("choose another --out");
        assertThat(out.resolve("shard-00001/photos/photo.txt")).hasContent("mine");
    }

    @SuppressWarnings("rawtypes")
    private static long vectors(Path out) throws IOException {
        long rows = 0;
        for (int shard = 0; shard < 3; shard++) {
            for (Map row : new CarpetReader<>(
                            out.resolve("shard-0000" + shard + "/vectors.parquet")
                                    .toFile(),
                            Map.class)
                    .toList()) {
                assertThat((List<?>) row.get("vector")).hasSize(16);
                rows++;
            }
        }
        return rows;
    }

    @Test
    void everyTaskComputesWithAsManyThreadsAsItHasCores() throws Exception {
        List<Integer> counts = new ArrayList<>();
        fleet.run(
                new ArrayList<>(List.of(1, 2, 3, 4)),
                _ -> LoadedModels.use(detector, _ -> ComputeThreads.count()),
                counts::add);

        assertThat(counts).containsExactly(1, 1, 1, 1);
    }

    @Test
    void aTaskThatFailsEveryTimeEndsTheRunWithItsReason() {
        assertThatThrownBy(() -> fleet.run(
                        new ArrayList<>(List.of(1)),
                        _ -> {
                            throw new IllegalStateException("no disk");
                        },
                        _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a task failed too often")
                .hasMessageContaining("no disk");
    }

    private static final CountDownLatch WAITING = new CountDownLatch(1);
    private static final CountDownLatch STOPPED = new CountDownLatch(1);

    @Test
    void anInterruptCancelsTheTasksAndTheFleetGoesOn() throws Exception {
        Thread[] caller = new Thread[1];
        List<Throwable> thrown = new ArrayList<>();
        caller[0] = Thread.ofPlatform().start(() -> {
            try {
                fleet.run(
                        new ArrayList<>(List.of(1)),
                        _ -> {
                            WAITING.countDown();
                            try {
                                Thread.sleep(600_000);
                            } catch (InterruptedException e) {
                                STOPPED.countDown();
                                throw e;
                            }
                            return 0;
                        },
                        _ -> {});
            } catch (IOException | InterruptedException e) {
                thrown.add(e);
            }
        });
        WAITING.await();
        caller[0].interrupt();
        caller[0].join();

        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
        STOPPED.await();
        List<Integer> answers = new ArrayList<>();
        fleet.run(new ArrayList<>(IntStream.range(0, 50).boxed().toList()), number -> number * 2, answers::add);
        assertThat(answers.stream().sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, 50).map(i -> 2 * i).boxed().toList());
    }
}
