package org.terrachange.hub.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.hub.digest.Fingerprint;

@Timeout(60)
class DownloaderTest {
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(5), Duration.ofSeconds(1), 2, Duration.ofMillis(10), Duration.ofSeconds(1));
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;

    private Download wanted(Origin origin) {
        return new Download(
                List.of(origin),
                folder.resolve("model.part"),
                OptionalLong.empty(),
                new Fingerprint.Unknown(),
                ContentCheck.NONE);
    }

    private static Downloader downloader() {
        return new Downloader(new Proxies(Map.of(), _ -> false), SHORT);
    }

    @Test
    void aDiskWithoutRoomIsLeftAlone() throws IOException {
        Path file = Files.write(folder.resolve("source"), new byte[1000]);
        Downloader full =
                new Downloader(new Proxies(Map.of(), _ -> false), SHORT, new FreeSpace(_ -> (64L << 20) + 999));

        assertThatThrownBy(() -> full.run(wanted(new Origin.Local(file)), DownloadListener.SILENT))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("has no room for 1 kB")
                .hasMessageContaining("TERRACHANGE_HOME");
        assertThat(folder.resolve("model.part")).doesNotExist();
    }

    @Test
    void addressesAreShownWithoutTheirSecrets() {
        assertThat(new Origin.Web(URI.create("https://me:secret@example.org/a.pth?key=secret")))
                .hasToString("https://example.org/a.pth");
    }

    @Test
    void aRedirectionNeverLeadsFromHttpsDownToPlainHttp() throws Exception {
        SSLContext trusted = certificate();
        SSLContext usual = SSLContext.getDefault();
        AtomicInteger plainRequests = new AtomicInteger();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        HttpServer plain = HttpServer.create(anyPort, 0);
        HttpsServer secure = HttpsServer.create(anyPort, 0);
        plain.createContext("/", exchange -> {
            plainRequests.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        secure.setHttpsConfigurator(new HttpsConfigurator(trusted));
        secure.createContext("/down", exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", "http://127.0.0.1:" + plain.getAddress().getPort() + "/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        secure.createContext("/aside", exchange -> {
            exchange.getResponseHeaders().set("Location", "/file");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        secure.createContext("/file", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write(new byte[4]);
            exchange.close();
        });
        plain.start();
        secure.start();
        String base = "https://127.0.0.1:" + secure.getAddress().getPort();
        try {
            assertThat(downloader().run(wanted(new Origin.Web(URI.create(base + "/file"))), DownloadListener.SILENT))
                    .asInstanceOf(type(Outcome.Failed.class))
                    .extracting(failed -> failed.reasons().getFirst())
                    .asString()
                    .contains("has no certificate that can be trusted");

            SSLContext.setDefault(trusted);
            assertThat(downloader().run(wanted(new Origin.Web(URI.create(base + "/down"))), DownloadListener.SILENT))
                    .isEqualTo(new Outcome.Failed(
                            List.of(base + "/down redirects from https to plain http, which is not followed")));
            assertThat(plainRequests).hasValue(0);
            assertThat(downloader().run(wanted(new Origin.Web(URI.create(base + "/aside"))), DownloadListener.SILENT))
                    .isInstanceOf(Outcome.Complete.class);
        } finally {
            SSLContext.setDefault(usual);
            plain.stop(0);
            secure.stop(0);
        }
    }

    /// A certificate for this machine that only its own context trusts.
    private SSLContext certificate() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD);
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, PASSWORD);
        authorities.setCertificateEntry(
                "self", store.getCertificate(store.aliases().nextElement()));
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return context;
    }

    @Test
    void aPartSurvivesAnAddressThatHasNothing() throws Exception {
        byte[] model = new byte[100_000];
        for (int i = 0; i < model.length; i++) {
            model[i] = (byte) (31 * i);
        }
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/mirror", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        // The first answers break off half way; then the rest is sent to whoever asks for it.
        server.createContext("/publisher", exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"v1\"");
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            if (from > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (model.length - 1) + "/" + model.length);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, model.length - from);
            int end = calls.incrementAndGet() == 1 ? model.length / 2 : model.length;
            sent.addAndGet(end - from);
            exchange.getResponseBody().write(model, from, end - from);
            exchange.close();
        });
        server.start();
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        Origin mirror = new Origin.Web(URI.create(base + "/mirror"));
        Origin publisher = new Origin.Web(URI.create(base + "/publisher"));
        Downloader once = new Downloader(
                new Proxies(Map.of(), _ -> false),
                new Patience(
                        Duration.ofSeconds(5), Duration.ofSeconds(1), 1, Duration.ofMillis(10), Duration.ofSeconds(1)));
        try {
            assertThat(once.run(wanted(publisher), DownloadListener.SILENT)).isInstanceOf(Outcome.Failed.class);
            long had = Files.size(folder.resolve("model.part"));
            assertThat(had).isPositive();

            Download both = new Download(
                    List.of(mirror, publisher),
                    folder.resolve("model.part"),
                    OptionalLong.empty(),
                    new Fingerprint.Unknown(),
                    ContentCheck.NONE);
            sent.set(0);
            assertThat(once.run(both, DownloadListener.SILENT)).isInstanceOf(Outcome.Complete.class);
            assertThat(sent).hasValue((int) (model.length - had));
            assertThat(Files.readAllBytes(folder.resolve("model.part"))).isEqualTo(model);
        } finally {
            server.stop(0);
        }
    }
}
