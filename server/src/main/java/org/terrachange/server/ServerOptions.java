package org.terrachange.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.terrachange.nn.tensor.ComputeMode;

/// How a server runs. Start from [#of] and refine.
///
/// @param host address to listen at; anything beyond loopback needs a token
/// @param port to listen at; 0 for any that is free
/// @param names under which browsers reach it, besides its own address
/// @param data folder of images that may be chosen in place of an upload
/// @param samples whether sample scenes are made, which takes a few seconds when a work folder is first used
/// @param work folder for uploads, jobs and results; created if needed
/// @param model checkpoint of the detector
/// @param searchModel checkpoint of the search model; no search where absent
/// @param index of the archive that can be searched; no search where absent
/// @param compute where and in which number format networks compute
/// @param token what a request must show; none is asked for where absent
/// @param tls certificate and key for HTTPS; HTTP where absent
/// @param limits what keeps one client from using up the machine
public record ServerOptions(
        String host,
        int port,
        List<String> names,
        Optional<Path> data,
        boolean samples,
        Path work,
        Path model,
        Optional<Path> searchModel,
        Optional<Path> index,
        ComputeMode compute,
        Optional<String> token,
        Optional<Tls> tls,
        Limits limits) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;

    /// A shorter token could be found by trying.
    private static final int SHORTEST_TOKEN = 16;

    public ServerOptions {
        names = List.copyOf(names);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the port must lie between 0 and 65535, got " + port);
        }
        if (data.isPresent() && !Files.isDirectory(data.get())) {
            throw new IllegalArgumentException(data.get() + ": is no folder; name one whose images shall be served");
        }
        if (tls.isPresent() && !Files.isRegularFile(tls.get().keystore())) {
            throw new IllegalArgumentException(tls.get().keystore() + ": does not exist");
        }
        if (token.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException("listening at " + host
                    + ", which other machines can reach, needs a token (--token or TERRACHANGE_TOKEN)");
        }
        if (token.isPresent() && token.get().length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException("the token must have at least " + SHORTEST_TOKEN
                    + " characters; make one with: openssl rand -hex 32");
        }
    }

    /// Certificate and key for HTTPS.
    ///
    /// @param keystore PKCS #12
    /// @param password of the keystore and its key
    public record Tls(Path keystore, String password) {}

    /// What keeps one client from using up the machine.
    ///
    /// @param uploadBytes longest upload
    /// @param uploadPixels largest image, width times height
    /// @param decodeTime longest time that looking at one upload may take
    /// @param queueLength jobs that may wait; more are refused
    /// @param keep how long finished jobs and unused uploads are kept
    /// @param diskBytes what uploads and results may take together; the oldest go first
    /// @param requestsPerMinute of one address, or of one token
    public record Limits(
            long uploadBytes,
            long uploadPixels,
            Duration decodeTime,
            int queueLength,
            Duration keep,
            long diskBytes,
            int requestsPerMinute) {

        /// 4 GiB and 2.5 thousand million pixels an image, 32 waiting jobs, a week, 50 GiB.
        public static final Limits DEFAULT =
                new Limits(4L << 30, 2_500_000_000L, Duration.ofSeconds(30), 32, Duration.ofDays(7), 50L << 30, 6_000);

        public Limits {
            if (uploadBytes < 1 || uploadPixels < 1 || queueLength < 1 || diskBytes < 1 || requestsPerMinute < 1) {
                throw new IllegalArgumentException("limits must be positive");
            }
            if (!decodeTime.isPositive() || !keep.isPositive()) {
                throw new IllegalArgumentException("limits of time must be positive");
            }
        }
    }

    /// A server on this machine only, without token, TLS, served folder and search.
    public static ServerOptions of(Path work, Path model) {
        return new ServerOptions(
                DEFAULT_HOST,
                DEFAULT_PORT,
                List.of(),
                Optional.empty(),
                true,
                work,
                model,
                Optional.empty(),
                Optional.empty(),
                ComputeMode.parse("auto", "auto"),
                Optional.empty(),
                Optional.empty(),
                Limits.DEFAULT);
    }

    public ServerOptions withHost(String value) {
        return with(draft -> draft.host = value);
    }

    public ServerOptions withPort(int value) {
        return with(draft -> draft.port = value);
    }

    public ServerOptions withData(Path value) {
        return with(draft -> draft.data = Optional.of(value));
    }

    public ServerOptions withSamples(boolean value) {
        return with(draft -> draft.samples = value);
    }

    public ServerOptions withNames(List<String> value) {
        return with(draft -> draft.names = value);
    }

    public ServerOptions withTls(Tls value) {
        return with(draft -> draft.tls = Optional.of(value));
    }

    public ServerOptions withSearch(Path indexFolder, Path searchModelFile) {
        return with(draft -> {
            draft.index = Optional.of(indexFolder);
            draft.searchModel = Optional.of(searchModelFile);
        });
    }

    public ServerOptions withToken(String value) {
        return with(draft -> draft.token = Optional.of(value));
    }

    public ServerOptions withCompute(ComputeMode value) {
        return with(draft -> draft.compute = value);
    }

    public ServerOptions withLimits(Limits value) {
        return with(draft -> draft.limits = value);
    }

    private ServerOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /// Options on their way from one set to the next.
    private static final class Draft {
        String host;
        int port;
        List<String> names;
        Optional<Path> data;
        boolean samples;
        Path work;
        Path model;
        Optional<Path> searchModel;
        Optional<Path> index;
        ComputeMode compute;
        Optional<String> token;
        Optional<Tls> tls;
        Limits limits;

        Draft(ServerOptions from) {
            host = from.host;
            port = from.port;
            names = from.names;
            data = from.data;
            samples = from.samples;
            work = from.work;
            model = from.model;
            searchModel = from.searchModel;
            index = from.index;
            compute = from.compute;
            token = from.token;
            tls = from.tls;
            limits = from.limits;
        }

        ServerOptions finished() {
            return new ServerOptions(
                    host, port, names, data, samples, work, model, searchModel, index, compute, token, tls, limits);
        }
    }

    /// Whether only this machine can reach an address.
    static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return !host.isBlank();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + host + "' is no address of this machine", e);
        }
    }
}
