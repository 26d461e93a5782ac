package org.terrachange.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.hub.cache.CacheFolder;
import org.terrachange.server.ServerOptions;
import org.terrachange.server.TerraChangeServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `terrachange demo`: the web application on samples.
@Command(
        name = "demo",
        description = "Opens the web application on synthetic samples: scenes to detect change in, with their exact"
                + " truth, and a small archive to search. Runs until it is stopped with Ctrl-C.")
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private SharedOptions.Output output;

    @Mixin
    private SharedOptions.Model detector;

    @Mixin
    private SearchModelOption search;

    @Mixin
    private SharedOptions.Compute compute;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen at (default: " + ServerOptions.DEFAULT_PORT
                    + ", or any other that is free where that is taken).")
    private @Nullable Integer port;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Folder for samples and results (default: terrachange/demo in the user's cache folder).")
    private @Nullable Path out;

    /// The JSON document.
    private record Started(String address, String folder) {}

    @Override
    public Integer call() throws Exception {
        Console console = output.console();
        Path folder = out == null ? CacheFolder.of(System.getenv()).resolve("demo") : out;
        DemoArchive archive = new DemoArchive(folder.resolve("archive"));
        archive.draw(console);
        try (SearchModelOption.Loaded loaded = search.load(detector.hub(), compute, console);
                ChangeDetector found = detector.load(compute, console)) {
            archive.index(loaded, found, console);
        }
        ServerOptions options = ServerOptions.of(folder.resolve("server"), detector.file(console))
                .withCompute(compute.mode())
                .withSearch(archive.index(), search.file(detector.hub(), console));
        try (TerraChangeServer server = start(options, console)) {
            console.result(
                    new Started(server.address().toString(), folder.toString()),
                    "TerraChange listens at " + server.address() + " (open it in a browser; stop with Ctrl-C)");
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            // Ctrl-C: how a demonstration ends.
            console.note("stopped");
        }
        return ExitCode.DONE;
    }

    private TerraChangeServer start(ServerOptions options, Console console) throws IOException {
        if (port != null) {
            return TerraChangeServer.start(options.withPort(port), console::note);
        }
        try {
            return TerraChangeServer.start(options, console::note);
        } catch (IOException e) {
            console.note(String.valueOf(e.getMessage()));
            return TerraChangeServer.start(options.withPort(0), console::note);
        }
    }
}
