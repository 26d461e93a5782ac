package org.terrachange.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedServerTest {
    private static final String TOKEN = "a-token-of-the-tests-0123456789";

    @TempDir
    static Path folder;

    private static RunningServer open;
    private static RunningServer guarded;

    @BeforeAll
    static void start() throws IOException {
        open = RunningServer.start(RunningServer.options(folder.resolve("open")));
        guarded = RunningServer.start(
                RunningServer.options(folder.resolve("guarded")).withToken(TOKEN));
    }

    @AfterAll
    static void stop() throws IOException {
        open.close();
        guarded.close();
    }

    /// Sends what the client of the JDK refuses to send, and gives the status line.
    private static String raw(RunningServer server, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.server().address().getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
        }
    }

    private static String whole(RunningServer server, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.server().address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String withHost(String host) throws IOException {
        return raw(open, "GET /jobs HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void aForeignNameThatLeadsHereGetsNothing() throws Exception {
        assertThat(withHost("evil.example:80")).endsWith("421");
        assertThat(withHost("127.0.0.1.evil.example")).endsWith("421");
        assertThat(withHost("localhost:" + open.server().address().getPort())).endsWith("200");
        assertThat(withHost("127.0.0.1")).endsWith("200");
    }

    @Test
    void aNameOfAProxyIsAnsweredWhereItWasGiven() throws Exception {
        try (RunningServer named = RunningServer.start(
                RunningServer.options(folder.resolve("named")).withNames(List.of("changes.example")))) {
            String request = "GET /jobs HTTP/1.1\r\nHost: Changes.Example\r\nConnection: close\r\n\r\n";
            assertThat(raw(named, request)).endsWith("200");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://localhost:1",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            })
    void aPageOfAnotherSiteChangesNothing(String header) throws Exception {
        String request = "POST /pairs/check HTTP/1.1\r\nHost: localhost\r\n" + header
                + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

        assertThat(raw(open, request)).endsWith("403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: http://localhost", "Sec-Fetch-Site: same-origin", "Accept: */*"})
    void aPageOfThisServerOrAProgramIsHeard(String header) throws Exception {
        String request = "POST /pairs/check HTTP/1.1\r\nHost: localhost\r\n" + header
                + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

        assertThat(raw(open, request)).endsWith("400");
    }

    @Test
    void everyAnswerTellsBrowsersToLoadNothingFromElsewhere() throws Exception {
        for (String path : List.of("/jobs", "/nothing", "/health")) {
            HttpResponse<String> answer = open.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'")
                    .contains("frame-ancestors 'none'");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Cross-Origin-Resource-Policy"))
                    .contains("same-origin");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
        }
    }

    @Test
    void withoutTheTokenOnlyHealthAndTheSignInAreAnswered() throws Exception {
        assertThat(guarded.get("/health").statusCode()).isEqualTo(200);
        assertThat(guarded.get("/sign-in").statusCode()).isEqualTo(200);
        for (String path : List.of("/", "/jobs", "/openapi.json", "/metrics", "/scenes", "/nothing", "/stac")) {
            HttpResponse<String> answer = guarded.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
        HttpResponse<String> page = guarded.send(guarded.request("/jobs").header("Accept", "text/html"));
        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(page.headers().firstValue("Location")).contains("/sign-in");
    }

    private static HttpResponse<String> withAuthorization(String value) throws Exception {
        return guarded.send(guarded.request("/jobs").header("Authorization", value));
    }

    @Test
    void theTokenOpensAndWhatIsNearlyTheTokenDoesNot() throws Exception {
        assertThat(withAuthorization("Bearer " + TOKEN).statusCode()).isEqualTo(200);
        assertThat(withAuthorization("bearer " + TOKEN).statusCode()).isEqualTo(200);
        for (String wrong : List.of("Bearer", "Bearer x", "Bearer " + TOKEN + "0", "Basic " + TOKEN, TOKEN)) {
            assertThat(withAuthorization(wrong).statusCode()).as(wrong).isEqualTo(401);
        }
    }

    private static HttpRequest.Builder signIn(RunningServer server, String token) {
        return server.request("/sign-in")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("token=" + token));
    }

    @Test
    void aBrowserThatSignedInIsKnownByItsCookie() throws Exception {
        HttpResponse<String> answer = guarded.send(signIn(guarded, TOKEN));
        assertThat(answer.statusCode()).isEqualTo(303);
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").doesNotContain(TOKEN);
        String pass = cookie.substring(0, cookie.indexOf(';'));

        assertThat(guarded.send(guarded.request("/jobs").header("Cookie", pass)).statusCode())
                .isEqualTo(200);
        assertThat(guarded.send(guarded.request("/jobs").header("Cookie", pass + "A"))
                        .statusCode())
                .isEqualTo(401);
        // A request that changes something says where it comes from, or is none of a browser's.
        assertThat(guarded.send(guarded.posting("/pairs/check", "{}").header("Cookie", pass))
                        .statusCode())
                .isEqualTo(403);
        assertThat(guarded.send(guarded.posting("/pairs/check", "{}")
                                .header("Cookie", pass)
                                .header("Sec-Fetch-Site", "same-origin"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whoTriesTokensIsStopped() throws Exception {
        try (RunningServer tried = RunningServer.start(
                RunningServer.options(folder.resolve("tried")).withToken(TOKEN))) {
            int status = 0;
            for (int i = 0; i < 30 && status != 429; i++) {
                status = tried.send(signIn(tried, "guess-" + i)).statusCode();
            }
            assertThat(status).isEqualTo(429);
            // The right one must wait as well, or trying on would pay.
            assertThat(tried.send(signIn(tried, TOKEN)).statusCode()).isEqualTo(429);
        }
    }

    @Test
    void whoAsksTooOftenIsToldWhenToAskAgain() throws Exception {
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        ServerOptions.Limits slow = new ServerOptions.Limits(
                usual.uploadBytes(),
                usual.uploadPixels(),
                usual.decodeTime(),
                usual.queueLength(),
                usual.keep(),
                usual.diskBytes(),
                5);
        try (RunningServer limited = RunningServer.start(
                RunningServer.options(folder.resolve("slow")).withLimits(slow))) {
            for (int i = 0; i < 5; i++) {
                assertThat(limited.get("/jobs").statusCode()).isEqualTo(200);
            }
            HttpResponse<String> answer = limited.get("/jobs");
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(Integer.parseInt(
                            answer.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1, 12);
        }
    }

    @Test
    void beyondLoopbackAServerNeedsAToken() {
        ServerOptions local = RunningServer.options(folder.resolve("never"));

        for (String host : List.of("0.0.0.0", "::", "192.0.2.1")) {
            assertThatThrownBy(() -> local.withHost(host))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("needs a token");
        }
        assertThatThrownBy(() -> local.withToken("short")).hasMessageContaining("at least 16");
        assertThat(local.withToken(TOKEN).withHost("0.0.0.0").host()).isEqualTo("0.0.0.0");
    }

    @Test
    void aCertificateMakesItHttps() throws Exception {
        Path keystore = folder.resolve("certificate.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor())
                .as(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
        KeyStore trusted = KeyStore.getInstance(keystore.toFile(), "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        ServerOptions options =
                RunningServer.options(folder.resolve("https")).withTls(new ServerOptions.Tls(keystore, "changeit"));
        try (RunningServer server = RunningServer.start(options);
                HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            assertThat(server.uri("/health").getScheme()).isEqualTo("https");
            HttpResponse<String> answer =
                    client.send(server.request("/health").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
        }
    }

    @Test
    void aCertificateThatCannotBeOpenedIsSaid() throws Exception {
        Path keystore = Files.writeString(folder.resolve("broken.p12"), "no keystore");
        ServerOptions options = RunningServer.options(folder.resolve("never-https"))
                .withTls(new ServerOptions.Tls(keystore, "changeit"));

        assertThatThrownBy(() -> RunningServer.start(options))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot start");
    }

    @Test
    void whatIsNotHttpIsAnsweredWithAProblem() throws Exception {
        for (String request : List.of(
                "NONSENSE\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
                "GET /jobs/../../x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                "POST /uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")) {
            assertThat(raw(open, request)).startsWith("HTTP/1.1 4");
        }
        assertThat(whole(open, "GET /jobs/../../x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .contains("application/problem+json")
                .contains("\"status\":400");
        assertThat(whole(open, "NONSENSE\r\n\r\n")).doesNotContainIgnoringCase("jetty");
    }

    @Test
    void whoIsSignedInIsNotLockedOutByThoseWhoGuess() throws Exception {
        try (RunningServer tried = RunningServer.start(
                RunningServer.options(folder.resolve("shared")).withToken(TOKEN))) {
            String cookie = tried.send(signIn(tried, TOKEN))
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow();
            String pass = cookie.substring(0, cookie.indexOf(';'));
            int status = 0;
            for (int i = 0; i < 30 && status != 429; i++) {
                status = tried.send(tried.request("/jobs").header("Authorization", "Bearer guess-" + i))
                        .statusCode();
            }
            assertThat(status).isEqualTo(429);

            assertThat(tried.send(tried.request("/jobs").header("Cookie", pass)).statusCode())
                    .isEqualTo(200);
            // Whatever else is shown waits, be it right or wrong.
            assertThat(tried.send(tried.request("/jobs").header("Cookie", pass + "A"))
                            .statusCode())
                    .isEqualTo(429);
            assertThat(tried.send(tried.request("/jobs").header("Authorization", "Bearer " + TOKEN))
                            .statusCode())
                    .isEqualTo(429);
            assertThat(tried.send(tried.request("/jobs").header("Cookie", pass).header("Authorization", "Bearer guess"))
                            .statusCode())
                    .isEqualTo(429);
        }
    }
}
