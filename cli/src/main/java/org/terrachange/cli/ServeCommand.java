package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.cache.CacheFolder;
import org.terrachange.server.ServerOptions;
import org.terrachange.server.TerraChangeServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `terrachange serve`: the web application and its REST service.
@Command(
        name = "serve",
        description = "Runs the web application and its REST service until it is stopped with Ctrl-C.",
        footer = {
            "",
            "Listens on this machine only, unless --host says otherwise; then every request needs the token.",
            "Jobs outlive a restart on the same --work folder."
        })
final class ServeCommand implements Callable<Integer> {
    private static final String TOKEN_VARIABLE = "TERRACHANGE_TOKEN";
    private static final String PASSWORD_VARIABLE = "TERRACHANGE_TLS_PASSWORD";

    @Spec
    private CommandSpec spec;

    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Compute compute;

    @Mixin
    private SharedOptions.Hub hub;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = ServerOptions.DEFAULT_HOST,
            description = "Address to listen at (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + ServerOptions.DEFAULT_PORT,
            description = "Port to listen at; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--name",
            paramLabel = "HOST",
            split = ",",
            description = "Names under which browsers reach the server, such as the one of a proxy before it.")
    private List<String> names = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of images that may be chosen; nothing outside of it is served.")
    private @Nullable Path data;

    @Option(names = "--no-samples", description = "Make and offer no sample scenes.")
    private boolean noSamples;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Folder for uploads, jobs and results (default: terrachange/server in the user's cache"
                    + " folder).")
    private @Nullable Path work;

    @Option(
            names = "--model",
            paramLabel = "NAME|FILE",
            defaultValue = "terrachange-lite",
            description =
                    "Detector by name (see: terrachange models list) or a checkpoint (default:" + " ${DEFAULT-VALUE}).")
    private String model;

    @Option(names = "--index", paramLabel = "DIR", description = "Index of the archive that can be searched.")
    private @Nullable Path index;

    @Option(
            names = "--search-model",
            paramLabel = "NAME|FILE",
            defaultValue = "terrachange-search",
            description = "Search model that the index was made with (default: ${DEFAULT-VALUE}).")
    private String searchModel;

    @Option(
            names = "--token",
            paramLabel = "TEXT",
            description = "What requests must show, at least 16 characters; better given by the environment variable "
                    + TOKEN_VARIABLE + ", which other users of this machine cannot see.")
    private @Nullable String token;

    @Option(
            names = "--tls-keystore",
            paramLabel = "FILE",
            description = "PKCS #12 file with certificate and key for HTTPS; its password is read from "
                    + PASSWORD_VARIABLE + ".")
    private @Nullable Path keystore;

    @Option(
            names = "--max-upload",
            paramLabel = "MIB",
            defaultValue = "4096",
            description = "Longest upload in MiB (default: ${DEFAULT-VALUE}).")
    private long maxUpload;

    @Option(
            names = "--max-pixels",
            paramLabel = "MILLIONS",
            defaultValue = "2500",
            description = "Largest image in millions of pixels (default: ${DEFAULT-VALUE}).")
    private long maxPixels;

    @Option(
            names = "--queue",
            paramLabel = "N",
            defaultValue = "32",
            description = "Jobs that may wait (default: ${DEFAULT-VALUE}).")
    private int queue;

    @Option(
            names = "--keep",
            paramLabel = "DAYS",
            defaultValue = "7",
            description = "How long finished jobs and unused uploads are kept (default: ${DEFAULT-VALUE}).")
    private long keep;

    @Option(
            names = "--disk",
            paramLabel = "GIB",
            defaultValue = "50",
            description =
                    "What uploads and results may take together; the oldest go first (default:" + " ${DEFAULT-VALUE}).")
    private long disk;

    /// The JSON document.
    private record Started(String address, String work) {}

    @Override
    public Integer call() throws IOException {
        Console console = output.console();
        ServerOptions options = options(console);
        CountDownLatch stopped = new CountDownLatch(1);
        try (TerraChangeServer server = TerraChangeServer.start(options, console::note)) {
            console.result(
                    new Started(server.address().toString(), options.work().toString()),
                    "TerraChange listens at " + server.address() + " (stop with Ctrl-C)");
            stopped.await();
        } catch (InterruptedException _) {
            // Ctrl-C: how a server ends.
            console.note("stopped");
        }
        return ExitCode.DONE;
    }

    private ServerOptions options(Console console) throws IOException {
        String shownToken =
                Objects.requireNonNullElse(token, Objects.requireNonNullElse(System.getenv(TOKEN_VARIABLE), ""));
        Path folder = work == null ? CacheFolder.of(System.getenv()).resolve("server") : work;
        Path detector = hub.resolve(model, console);
        Optional<Path> search = index == null ? Optional.empty() : Optional.of(hub.resolve(searchModel, console));
        var mode = compute.mode();
        return SharedOptions.checked(
                spec,
                () -> new ServerOptions(
                        host,
                        port,
                        names,
                        Optional.ofNullable(data),
                        !noSamples,
                        folder,
                        detector,
                        search,
                        Optional.ofNullable(index),
                        mode,
                        shownToken.isEmpty() ? Optional.empty() : Optional.of(shownToken),
                        Optional.ofNullable(keystore)
                                .map(file -> new ServerOptions.Tls(
                                        file, Objects.requireNonNullElse(System.getenv(PASSWORD_VARIABLE), ""))),
                        limits()));
    }

    private ServerOptions.Limits limits() {
        ServerOptions.Limits usual = ServerOptions.Limits.DEFAULT;
        try {
            return new ServerOptions.Limits(
                    Math.multiplyExact(maxUpload, 1L << 20),
                    Math.multiplyExact(maxPixels, 1_000_000L),
                    usual.decodeTime(),
                    queue,
                    Duration.ofDays(keep),
                    Math.multiplyExact(disk, 1L << 30),
                    usual.requestsPerMinute());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a limit is too large", e);
        }
    }
}
