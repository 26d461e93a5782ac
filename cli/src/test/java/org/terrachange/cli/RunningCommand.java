package org.terrachange.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A command that runs until it is interrupted, inside the test's own process.
final class RunningCommand implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final AtomicInteger code = new AtomicInteger(-1);
    private final Thread thread;

    /// @param words the command line; paths are written out
    RunningCommand(Object... words) {
        String[] line = Arrays.stream(words)
                .map(word -> word instanceof Path path ? path.toString() : String.valueOf(word))
                .toArray(String[]::new);
        thread = Thread.ofPlatform()
                .start(() -> code.set(Main.run(new PrintWriter(out, true), new PrintWriter(err, true), line)));
    }

    /// Where it says that it listens.
    URI address() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && thread.isAlive()) {
            Matcher address = ADDRESS.matcher(out.toString());
            if (address.find()) {
                return URI.create(address.group());
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no address was printed: " + out + err);
    }

    /// Interrupts it, as Ctrl-C does, and waits for its end.
    ///
    /// @return the exit code
    int stop() throws InterruptedException {
        thread.interrupt();
        if (!thread.join(PATIENCE)) {
            throw new AssertionError("the command does not end");
        }
        return code.get();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
