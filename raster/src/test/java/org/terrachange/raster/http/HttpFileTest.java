package org.terrachange.raster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.http.FlakyServer.Fault;

class HttpFileTest {
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(5), Duration.ofMillis(300), 3, Duration.ofMillis(5));

    private static final byte[] CONTENT = content(1, 1_000_000);

    private static byte[] content(long seed, int length) {
        var bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] read(HttpFile file, long position, int length) throws RasterException {
        var bytes = new byte[length];
        file.read(position, bytes);
        return bytes;
    }

    @Test
    void anyRangeEqualsThatOfTheFile() throws IOException {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        try (var server = new FlakyServer(CONTENT);
                HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT)) {
            assertThat(file.size()).isEqualTo(CONTENT.length);
            for (int i = 0; i < 40; i++) {
                int from = random.nextInt(CONTENT.length);
                int length = random.nextInt(Math.min(200_000, CONTENT.length - from) + 1);
                assertThat(read(file, from, length))
                        .as("seed %d, bytes %d to %d", seed, from, from + length)
                        .isEqualTo(Arrays.copyOfRange(CONTENT, from, from + length));
            }
            assertThat(read(file, CONTENT.length - 1, 1)).containsExactly(CONTENT[CONTENT.length - 1]);
            assertThatThrownBy(() -> read(file, CONTENT.length - 1, 2)).hasMessageContaining("only 1000000");
        }
    }

    @Test
    void whatWasFetchedIsNotFetchedAgainAndNeighboursComeTogether() throws IOException {
        try (var server = new FlakyServer(CONTENT);
                HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT)) {
            read(file, 0, 60_000);
            assertThat(server.ranges()).containsExactly("0-65535");

            read(file, 200_000, 100_000);
            read(file, 210_000, 50_000);
            assertThat(server.ranges()).containsExactly("0-65535", "196608-327679");

            file.fetch(List.of(
                    new ByteRange(700_000, 710_000), new ByteRange(500_000, 501_000), new ByteRange(510_000, 560_000)));
            read(file, 500_000, 60_000);
            read(file, 705_000, 5_000);
            assertThat(server.ranges()).containsExactly("0-65535", "196608-327679", "491520-589823", "688128-720895");
        }
    }

    @Test
    void aFileLargerThanTheMemoryForItIsReadRight() throws IOException {
        byte[] large = content(2, 40 << 20);
        try (var server = new FlakyServer(large);
                HttpFile file = HttpFile.open(server.url("/scene.tif"), Patience.USUAL)) {
            assertThat(read(file, 1000, 30 << 20)).isEqualTo(Arrays.copyOfRange(large, 1000, 1000 + (30 << 20)));
            for (int at = 0; at < large.length; at += 1 << 20) {
                assertThat(read(file, at, 1 << 20)).isEqualTo(Arrays.copyOfRange(large, at, at + (1 << 20)));
            }
        }
    }

    @Test
    void severalThreadsFetchABlockOnce() throws Exception {
        try (var server = new FlakyServer(CONTENT);
                HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT);
                var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<byte[]>> reads = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                reads.add(() -> read(file, 300_000, 100_000));
            }
            for (Future<byte[]> read : threads.invokeAll(reads)) {
                assertThat(read.get()).isEqualTo(Arrays.copyOfRange(CONTENT, 300_000, 400_000));
            }
            assertThat(server.ranges()).containsExactly("0-65535", "294912-425983");
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFailureThatPassesIsOvercome(Fault fault) throws IOException {
        try (var server = new FlakyServer(CONTENT)) {
            server.fail(fault);
            try (HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT)) {
                server.fail(fault, fault);
                assertThat(read(file, 500_000, 1000)).isEqualTo(Arrays.copyOfRange(CONTENT, 500_000, 501_000));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aFailureThatLastsNamesTheAddressAndTheCauseAndIsNotRemembered(Fault fault) throws IOException {
        try (var server = new FlakyServer(CONTENT);
                HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT)) {
            // More than the attempts, because the client itself repeats a request on which the connection was closed.
            server.fail(Collections.nCopies(20, fault).toArray(Fault[]::new));
            String cause = switch (fault) {
                case OVERLOADED -> "status 503";
                case RESET, CUT -> "the connection broke";
                case STALL -> "the server sent nothing";
                case OTHER_RANGE -> "instead of the part asked for";
            };
            assertThatThrownBy(() -> read(file, 500_000, 1000))
                    .isInstanceOf(RasterException.class)
                    .hasMessageStartingWith(server.url("/scene.tif") + ": cannot be read: ")
                    .hasMessageContaining(cause)
                    .hasMessageContaining("3 attempts");
            server.recover();
            assertThat(read(file, 500_000, 1000)).isEqualTo(Arrays.copyOfRange(CONTENT, 500_000, 501_000));
        }
    }

    @Test
    void aFileThatIsReplacedMeanwhileIsNotMixedUp() throws IOException {
        for (int length : new int[] {CONTENT.length, CONTENT.length / 2}) {
            try (var server = new FlakyServer(CONTENT);
                    HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT)) {
                server.replace(content(3, length));
                assertThatThrownBy(() -> read(file, 800_000, 1000))
                        .isInstanceOf(RasterException.class)
                        .hasMessageEndingWith("was replaced on the server while it was read; open it again");
            }
        }
    }

    @Test
    void aServerWithoutRangesIsNamedAsSuchAndItsFileIsNotTransferred() throws IOException {
        try (var server = new FlakyServer(CONTENT)) {
            server.ignoreRanges();
            assertThatThrownBy(() -> HttpFile.open(server.url("/scene.tif"), SHORT))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("sends whole files only")
                    .hasMessageContaining("download");
        }
    }

    @Test
    void aRedirectionIsFollowed() throws IOException {
        try (var server = new FlakyServer(CONTENT);
                HttpFile file = HttpFile.open(server.url("/moved.tif"), SHORT)) {
            assertThat(read(file, 900_000, 10)).isEqualTo(Arrays.copyOfRange(CONTENT, 900_000, 900_010));
            assertThat(file.url()).endsWith("/moved.tif");
        }
    }

    @Test
    void whatCannotBeOpenedSaysWhy() throws IOException {
        try (var server = new FlakyServer(CONTENT);
                var empty = new FlakyServer(new byte[0])) {
            assertRefused(server.url("/none.tif"), "status 404, so there is no such file");
            assertRefused(server.url("/secret.tif"), "status 403, so it wants a login");
            assertRefused(empty.url("/scene.tif"), "is empty");
        }
        assertRefused("http://127.0.0.1:1/scene.tif", "no connection to 127.0.0.1:1");
        assertRefused("https://", "is no valid address");
        assertRefused("https:// /x", "is no valid address");
        assertRefused("file:///etc/passwd", "is no address that starts with http:// or https://");
    }

    private static void assertRefused(String url, String problem) {
        assertThatThrownBy(() -> HttpFile.open(url, SHORT))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(url + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void aClosedFileIsRefused() throws IOException {
        try (var server = new FlakyServer(CONTENT)) {
            HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT);
            file.close();
            assertThatThrownBy(() -> read(file, 0, 10))
                    .isInstanceOf(RasterException.class)
                    .hasMessageEndingWith("is closed");
        }
    }

    @Test
    void aSlowLineIsWaitedForAsLongAsAnythingComes() throws IOException {
        try (var server = new FlakyServer(CONTENT);
                HttpFile file = HttpFile.open(server.url("/scene.tif"), SHORT)) {
            server.crawl();
            int asked = server.ranges().size();

            // A second in all, of which no part is as long as the patience.
            assertThat(read(file, 500_000, 1000)).isEqualTo(Arrays.copyOfRange(CONTENT, 500_000, 501_000));
            assertThat(server.ranges()).hasSize(asked + 1);
        }
    }

    @Test
    void anInterruptedReadEndsAtOnce() throws Exception {
        try (var server = new FlakyServer(CONTENT);
                HttpFile file = HttpFile.open(server.url("/scene.tif"), Patience.USUAL)) {
            server.fail(Fault.STALL);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> read(file, 500_000, 1000))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
