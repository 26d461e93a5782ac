package org.terrachange.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.hub.FaultServer.Fault;
import org.terrachange.hub.cache.Pruned;
import org.terrachange.hub.digest.Fingerprint;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.hub.download.DownloadListener;
import org.terrachange.hub.download.Origin;
import org.terrachange.hub.download.Patience;
import org.terrachange.hub.download.Proxies;

/// Downloads from a server that fails in every way it can: each ends with the right file, or with one line that
/// says what to do.
@Timeout(60)
class DownloadedModelsTest {
    private static final Patience SHORT = new Patience(
            Duration.ofSeconds(5), Duration.ofMillis(400), 4, Duration.ofMillis(20), Duration.ofSeconds(2));

    private final byte[] content = FaultServer.weights(600_000, 1);
    private final List<String> remarks = new ArrayList<>();

    @TempDir
    private Path home;

    private FaultServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FaultServer(content);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private final DownloadListener listener = new DownloadListener() {
        @Override
        public void progress(long done, long total) {
            assertThat(done).isBetween(0L, total == 0 ? Long.MAX_VALUE : total);
        }

        @Override
        public void remark(String text) {
            remarks.add(text);
        }
    };

    /// A model of which everything is known.
    private ModelEntry known(Fault... faults) {
        return entry(
                new FileSize.Exact(content.length),
                new Fingerprint.Exact(new Sha256(FaultServer.sha256(content))),
                faults);
    }

    /// A model of which nothing is known.
    private ModelEntry unknown(Fault... faults) {
        return entry(new FileSize.Unknown(), new Fingerprint.Unknown(), faults);
    }

    private ModelEntry entry(FileSize size, Fingerprint fingerprint, Fault... faults) {
        List<Origin.Web> origins = Stream.of(faults)
                .map(fault -> new Origin.Web(URI.create(server.url(fault))))
                .toList();
        return new ModelEntry(
                "model",
                new WeightSource.Downloaded("model.safetensors", origins),
                size,
                fingerprint,
                ModelTask.IMAGE_ENCODER,
                "none",
                "none",
                "none",
                "A test.");
    }

    private ModelHub hub(ModelEntry entry) {
        return hub(entry, Optional.empty(), false, Map.of());
    }

    private ModelHub hub(ModelEntry entry, Optional<Mirror> mirror, boolean offline, Map<String, String> environment) {
        return new ModelHub(
                new ModelRegistry(List.of(entry)),
                Optional.empty(),
                new HubSettings(home, offline, mirror, Optional.empty(), new Proxies(environment), SHORT));
    }

    private Path pull(ModelEntry entry) throws IOException {
        return hub(entry).obtain(entry, listener);
    }

    private List<Path> contents() throws IOException {
        Path folder = home.resolve("sha256");
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "GOOD",
                "CUTS",
                "RESETS",
                "IGNORES_RANGES",
                "SHAKY",
                "STALLS",
                "CHUNKED",
                "CHANGES",
                "CHANGES_SILENTLY",
                "MOVED"
            })
    void aKnownModelArrivesInTheEnd(Fault fault) throws IOException {
        Path file = pull(known(fault));

        assertThat(file).hasBinaryContent(content);
        assertThat(file).endsWith(Path.of("sha256", FaultServer.sha256(content), "model.safetensors"));
        assertThat(home.resolve("partial")).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "GOOD",
                "CUTS",
                "RESETS",
                "IGNORES_RANGES",
                "SHAKY",
                "STALLS",
                "PROMISES_MORE",
                "CHUNKED",
                "CHANGES",
                "CHANGES_SILENTLY",
                "MOVED"
            })
    void anUnknownModelArrivesInTheEnd(Fault fault) throws IOException {
        assertThat(pull(unknown(fault))).hasBinaryContent(content);
    }

    @ParameterizedTest
    @CsvSource({
        "WRONG, gave something else than the file: its SHA-256 is",
        "FORBIDDEN, answered with status 403 (access denied)",
        "MISSING, answered with status 404 (no such file)",
        "CLOSED, answered with status 429 (too many requests) and asks to be left alone for 1440 min",
        "BROKEN, 'answered with status 500 (trouble at the server), 4 times in a row'",
        "SILENT, did not answer within",
        "PROMISES_MORE, bytes instead of",
        "PROMISES_LESS, bytes instead of",
        "ENDLESS, sends more than the",
        "CIRCLE, redirects too often or to nowhere",
        "PAGE, sends a web page instead of the file"
    })
    void whatCannotArriveEndsInOneClearLine(Fault fault, String problem) throws IOException {
        ModelEntry entry = known(fault);
        ModelHub hub = new ModelHub(
                new ModelRegistry(List.of(entry)),
                Optional.empty(),
                new HubSettings(
                        home,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        new Proxies(Map.of()),
                        new Patience(
                                Duration.ofMillis(300),
                                Duration.ofMillis(100),
                                4,
                                Duration.ofMillis(10),
                                Duration.ofSeconds(2))));

        assertThatThrownBy(() -> hub.obtain(entry, listener))
                .isInstanceOf(DownloadException.class)
                .hasMessageStartingWith("model: could not be downloaded: " + server.url(fault) + " ")
                .hasMessageContaining(problem)
                .hasMessageContaining("put it at " + home.resolve("model.safetensors"))
                .hasMessageContaining("TERRACHANGE_MIRROR")
                .hasMessageNotContaining("\n");
        assertThat(contents()).isEmpty();
    }

    @Test
    void aBrokenTransferGoesOnWhereItWas() throws IOException {
        pull(known(Fault.CUTS));

        // A request that finds its connection closed before any answer is sent again as it was.
        var starts = server.requests().stream()
                .map(request -> request.from())
                .distinct()
                .toList();
        assertThat(starts).hasSize(3).isSorted();
        assertThat(starts.getFirst()).isZero();
        assertThat(server.requests().getLast().headers()).containsEntry("if-range", "\"cuts\"");
    }

    @Test
    void aServerIsLeftAloneAsLongAsItAsks() throws IOException {
        long before = System.nanoTime();

        assertThat(pull(known(Fault.BUSY))).hasBinaryContent(content);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(remarks).singleElement().asString().contains("trying again in 1 s");
    }

    @Test
    void theNextAddressIsTriedAndGoesOnWithWhatIsThere() throws IOException {
        Path file = pull(known(Fault.MISSING, Fault.GOOD));

        assertThat(file).hasBinaryContent(content);
        assertThat(remarks).singleElement().asString().contains("404").endsWith("trying " + server.url(Fault.GOOD));
    }

    @Test
    void everyAddressThatFailedIsNamed() {
        assertThatThrownBy(() -> pull(known(Fault.MISSING, Fault.FORBIDDEN)))
                .hasMessageContaining(server.url(Fault.MISSING))
                .hasMessageContaining(server.url(Fault.FORBIDDEN));
    }

    @Test
    void aDamagedPartIsFoundOutAndFetchedAnew() throws IOException {
        byte[] damaged = new byte[content.length / 2];
        Files.createDirectories(home.resolve("partial"));
        Files.write(home.resolve("partial/model.safetensors.part"), damaged);

        assertThat(pull(known(Fault.GOOD))).hasBinaryContent(content);
        assertThat(remarks).singleElement().asString().endsWith("starting over");
    }

    @Test
    void aPartThatNobodyVouchesForIsNotGoneOnWith() throws IOException {
        Files.createDirectories(home.resolve("partial"));
        Files.write(home.resolve("partial/model.safetensors.part"), new byte[content.length / 2]);

        assertThat(pull(unknown(Fault.GOOD))).hasBinaryContent(content);
        assertThat(server.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.from()).isZero());
    }

    @Test
    void aCompletePartNeedsNoTransfer() throws IOException {
        Files.createDirectories(home.resolve("partial"));
        Files.write(home.resolve("partial/model.safetensors.part"), content);

        assertThat(pull(known(Fault.PROMISES_MORE))).hasBinaryContent(content);
    }

    @Test
    void whatIsHereIsNotFetchedAgain() throws IOException {
        Path first = pull(known(Fault.GOOD));
        Path second = pull(known(Fault.GOOD));

        assertThat(second).isEqualTo(first);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void twoModelsOfOneContentShareOneFile() throws IOException {
        Path first = pull(known(Fault.GOOD));
        ModelEntry twin = new ModelEntry(
                "twin",
                new WeightSource.Downloaded(
                        "twin.safetensors", List.of(new Origin.Web(URI.create(server.url(Fault.MISSING))))),
                new FileSize.Unknown(),
                known(Fault.GOOD).fingerprint(),
                ModelTask.IMAGE_ENCODER,
                "none",
                "none",
                "none",
                "A test.");

        assertThat(pull(twin)).isEqualTo(first);
    }

    @Test
    void aFileThatWasDamagedOnDiskIsFetchedAgain() throws IOException {
        ModelEntry entry = known(Fault.GOOD);
        Path file = pull(entry);
        byte[] damaged = content.clone();
        damaged[1000] ^= 1;
        Files.write(file, damaged);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(hub(entry).verify(entry)).isEqualTo(Verification.DAMAGED);
        assertThat(pull(entry)).hasBinaryContent(content);
        assertThat(hub(entry).verify(entry)).isEqualTo(Verification.INTACT);
    }

    @Test
    void theFirstDownloadOfAnUnknownModelPinsIt() throws IOException {
        ModelEntry entry = unknown(Fault.GOOD);
        Path file = pull(entry);

        assertThat(home.resolve("pins/model.json"))
                .content()
                .contains(FaultServer.sha256(content))
                .contains(server.url(Fault.GOOD));
        assertThat(hub(entry).content(entry)).contains(new Sha256(FaultServer.sha256(content)));

        Files.delete(file);
        assertThatThrownBy(() -> pull(unknown(Fault.WRONG)))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("its SHA-256 is")
                .hasMessageContaining("accept the new file with terrachange models pull --accept-new model");

        ModelEntry replaced = unknown(Fault.WRONG);
        assertThat(hub(replaced).renew(replaced, listener)).exists();
    }

    @Test
    void whatIsHereStaysWhenTheNewFileCannotBeHad() throws IOException {
        ModelEntry entry = unknown(Fault.GOOD);
        Path file = pull(entry);

        ModelHub offline = hub(entry).offline();
        assertThatThrownBy(() -> offline.renew(entry, listener)).isInstanceOf(HubException.class);

        assertThat(offline.obtain(entry, listener)).isEqualTo(file).hasBinaryContent(content);
        assertThat(hub(entry).prune(true)).isEmpty();
    }

    @Test
    void anUnchangedFileMayBeAskedForAnew() throws IOException {
        ModelEntry entry = unknown(Fault.GOOD);
        pull(entry);

        assertThat(hub(entry).renew(entry, listener)).hasBinaryContent(content);
        assertThat(hub(entry).verify(entry)).isEqualTo(Verification.INTACT);
    }

    @Test
    void publishedFirstDigitsAreHeld() throws IOException {
        String digits = FaultServer.sha256(content).substring(0, 8);

        assertThat(pull(entry(new FileSize.Unknown(), new Fingerprint.Prefix(digits), Fault.GOOD)))
                .hasBinaryContent(content);
        Files.delete(contents().getFirst());
        Files.delete(home.resolve("pins/model.json"));
        assertThatThrownBy(() -> pull(entry(new FileSize.Unknown(), new Fingerprint.Prefix(digits), Fault.WRONG)))
                .hasMessageContaining("instead of " + digits + "...");
    }

    @Test
    void whatIsNoCheckpointIsNeverPinned() throws IOException {
        try (FaultServer nonsense = new FaultServer("this is no checkpoint at all".getBytes())) {
            ModelEntry entry = new ModelEntry(
                    "model",
                    new WeightSource.Downloaded(
                            "model.safetensors", List.of(new Origin.Web(URI.create(nonsense.url(Fault.GOOD))))),
                    new FileSize.Unknown(),
                    new Fingerprint.Unknown(),
                    ModelTask.IMAGE_ENCODER,
                    "none",
                    "none",
                    "none",
                    "A test.");

            assertThatThrownBy(() -> pull(entry))
                    .isInstanceOf(DownloadException.class)
                    .hasMessageContaining("is neither a safetensors file nor a PyTorch zip checkpoint");
        }
        assertThat(home.resolve("pins")).doesNotExist();
    }

    @Test
    void offlineNothingIsAskedAndTheWayOutIsTold() {
        ModelEntry entry = known(Fault.GOOD);

        assertThatThrownBy(() -> hub(entry).offline().obtain(entry, listener))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("downloads are switched off")
                .hasMessageContaining(home.resolve("model.safetensors").toString());
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aFilePlacedByHandIsTakenOverOffline() throws IOException {
        ModelEntry entry = known(Fault.GOOD);
        Path placed = Files.write(home.resolve("model.safetensors"), content);

        assertThat(hub(entry).status(entry)).isEqualTo(new ModelStatus.Present());
        assertThat(hub(entry).offline().obtain(entry, listener)).hasBinaryContent(content);
        assertThat(placed).doesNotExist();
    }

    @Test
    void aWrongFilePlacedByHandIsRefusedByName() throws IOException {
        Path placed = Files.writeString(home.resolve("model.safetensors"), "something else");

        assertThatThrownBy(() -> pull(known(Fault.GOOD)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(placed + " is not its file, or not all of it");
        assertThat(placed).exists();
    }

    @Test
    void aMirrorFolderServesEvenOffline(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("model.safetensors"), content);
        ModelEntry entry = known(Fault.MISSING);
        Optional<Mirror> mirror = Optional.of(Mirror.parse(folder.toString()));

        assertThat(hub(entry, mirror, true, Map.of()).obtain(entry, listener)).hasBinaryContent(content);
        assertThat(folder.resolve("model.safetensors")).exists();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aMirrorServerIsAskedFirstAndThePublisherNext() throws IOException {
        ModelEntry entry = known(Fault.GOOD);
        Optional<Mirror> mirror = Optional.of(Mirror.parse("http://127.0.0.1:" + server.port() + "/missing"));

        assertThat(hub(entry, mirror, false, Map.of()).obtain(entry, listener)).hasBinaryContent(content);
        assertThat(server.requests())
                .extracting(FaultServer.Request::target)
                .containsExactly("/missing/model.safetensors", "/good/model.safetensors");
    }

    @Test
    void aProxyOfTheEnvironmentIsUsed() throws IOException {
        ModelEntry entry = new ModelEntry(
                "model",
                new WeightSource.Downloaded(
                        "model.safetensors",
                        List.of(new Origin.Web(URI.create("http://models.invalid/good/model.safetensors")))),
                new FileSize.Unknown(),
                known(Fault.GOOD).fingerprint(),
                ModelTask.IMAGE_ENCODER,
                "none",
                "none",
                "none",
                "A test.");
        Map<String, String> environment = Map.of("http_proxy", "http://127.0.0.1:" + server.port());

        assertThat(hub(entry, Optional.empty(), false, environment).obtain(entry, listener))
                .hasBinaryContent(content);
        assertThat(server.requests())
                .extracting(FaultServer.Request::target)
                .containsExactly("http://models.invalid/good/model.safetensors");
    }

    @Test
    void aHostThatNobodyKnowsIsGivenUpAtOnce() {
        ModelEntry entry = new ModelEntry(
                "model",
                new WeightSource.Downloaded(
                        "model.safetensors", List.of(new Origin.Web(URI.create("https://models.invalid/m.pth")))),
                new FileSize.Unknown(),
                new Fingerprint.Unknown(),
                ModelTask.IMAGE_ENCODER,
                "none",
                "none",
                "none",
                "A test.");

        assertThatThrownBy(() -> pull(entry))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("its host models.invalid is not known here");
        assertThat(remarks).isEmpty();
    }

    @Test
    void aServerThatIsGoneIsGivenUpAfterSomeAttempts() throws IOException {
        ModelEntry entry = known(Fault.GOOD);
        server.close();

        assertThatThrownBy(() -> pull(entry))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("does not accept connections")
                .hasMessageContaining("4 times in a row");
    }

    @Test
    void anInterruptLeavesAPartThatIsGoneOnWith() throws Exception {
        ModelEntry slow = known(Fault.SLOW);
        List<Throwable> thrown = new ArrayList<>();
        Thread worker = Thread.ofPlatform().start(() -> {
            try {
                pull(slow);
            } catch (IOException e) {
                thrown.add(e);
            }
        });
        awaitPart(home);

        worker.interrupt();
        worker.join(10_000);

        assertThat(thrown).singleElement().isInstanceOf(InterruptedIOException.class);
        assertThat(hub(slow).status(slow)).isInstanceOf(ModelStatus.Partial.class);
        assertThat(pull(known(Fault.GOOD))).hasBinaryContent(content);
        assertThat(server.requests().getLast().from()).isPositive();
    }

    @Test
    void twoProcessesShareOneDownload(@TempDir Path output) throws Exception {
        String url = server.url(Fault.SLOW);
        Process first = PullProcess.start(home, url, content, output.resolve("first"));
        Process second = PullProcess.start(home, url, content, output.resolve("second"));
        try {
            assertThat(first.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(second.waitFor(40, TimeUnit.SECONDS)).isTrue();
        } finally {
            first.destroyForcibly();
            second.destroyForcibly();
        }

        List<String> lines = new ArrayList<>(Files.readAllLines(output.resolve("first")));
        lines.addAll(Files.readAllLines(output.resolve("second")));
        Path file = home.resolve("models/sha256")
                .resolve(FaultServer.sha256(content))
                .resolve("shared.safetensors");
        assertThat(lines)
                .containsExactlyInAnyOrder(
                        file.toString(), file.toString(), "another process is downloading shared; waiting for it");
        assertThat(file).hasBinaryContent(content);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aKilledProcessLeavesAPartThatTheNextGoesOnWith(@TempDir Path output) throws Exception {
        String url = server.url(Fault.SLOW);
        Process killed = PullProcess.start(home, url, content, output.resolve("killed"));
        awaitPart(home.resolve("models"));
        killed.destroyForcibly().waitFor();

        Process next = PullProcess.start(home, url, content, output.resolve("next"));
        try {
            assertThat(next.waitFor(40, TimeUnit.SECONDS)).isTrue();
        } finally {
            next.destroyForcibly();
        }

        Path file = home.resolve("models/sha256")
                .resolve(FaultServer.sha256(content))
                .resolve("shared.safetensors");
        assertThat(output.resolve("next")).hasContent(file.toString());
        assertThat(file).hasBinaryContent(content);
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().getLast().from()).isPositive();
    }

    private static void awaitPart(Path cache) throws IOException, InterruptedException {
        Path folder = cache.resolve("partial");
        for (int i = 0; i < 1000; i++) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> parts = Files.list(folder)) {
                    if (parts.anyMatch(part ->
                            part.toString().endsWith(".part") && part.toFile().length() > 50_000)) {
                        return;
                    }
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no download began in " + cache);
    }

    @Test
    void pruningDeletesWhatNoModelNeedsAndOldParts() throws IOException {
        ModelEntry entry = known(Fault.GOOD);
        Path kept = pull(entry);
        Path stranger = Files.createDirectories(home.resolve("sha256/" + "0".repeat(64)));
        Files.write(stranger.resolve("old.pth"), new byte[1000]);
        Path parts = home.resolve("partial");
        Path fresh = Files.write(parts.resolve("model.safetensors.part"), new byte[10]);
        Path alien = Files.write(parts.resolve("gone.pth.part"), new byte[20]);
        Path mine = Files.write(home.resolve("notes.txt"), new byte[30]);

        List<Pruned> planned = hub(entry).prune(false);
        assertThat(planned)
                .containsExactlyInAnyOrder(
                        new Pruned(stranger, 1000, "the file of no known model"),
                        new Pruned(alien, 20, "a broken-off download of no known model"));
        assertThat(stranger).exists();

        assertThat(hub(entry).prune(true)).isEqualTo(planned);
        assertThat(stranger).doesNotExist();
        assertThat(alien).doesNotExist();
        assertThat(kept).exists();
        assertThat(fresh).exists();
        assertThat(mine).exists();

        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
        assertThat(hub(entry).prune(true)).containsExactly(new Pruned(fresh, 10, "a download broken off 9 days ago"));
    }
}
