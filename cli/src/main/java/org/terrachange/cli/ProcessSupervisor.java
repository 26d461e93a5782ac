package org.terrachange.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.terrachange.nn.distributed.Member;

/// Starts the processes of one training on this machine and ends them together: all when one is lost, all when it is
/// told to stop itself.
///
/// What the first process prints is what users see. Errors of the others are kept, and shown where one of them is the
/// reason.
final class ProcessSupervisor {
    /// How long processes have to notice by themselves that one is lost, which the first then says.
    private static final Duration GRACE = Duration.ofSeconds(10);

    /// How long they have to stop when they are told to; a pass of a network cannot be cut short.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long LOOK_MILLIS = 50;
    private static final int SIGNALS = 128;

    /// How Gloo greets on standard output, which belongs to results.
    private static final String GREETING = "[Gloo]";

    private final List<Member> members;
    private final ChildCommand command;
    private final PrintWriter out;
    private final PrintWriter err;
    private final String name;
    private final List<Child> children = new ArrayList<>();

    /// A process and the last line that it said of an error.
    private record Child(Member member, Process process, AtomicReference<String> lastWords) {
        boolean failed() {
            return !process.isAlive() && process.exitValue() != ExitCode.DONE;
        }

        /// Whether it ended of itself, and so has said why.
        boolean spoke() {
            int code = process.exitValue();
            return code == ExitCode.FAILURE || code == ExitCode.BAD_INPUT || code == ExitCode.INTERRUPTED;
        }

        String end() {
            int code = process.exitValue();
            String number = "process " + (member.rank() + 1) + " of " + member.size();
            return code > SIGNALS
                    ? number + " was ended by signal " + (code - SIGNALS)
                    : number + " ended with exit code " + code;
        }
    }

    /// @param members to start on this machine
    /// @param out receives what the first process prints
    /// @param err receives why processes were lost
    /// @param name of the command, for errors
    ProcessSupervisor(List<Member> members, ChildCommand command, PrintWriter out, PrintWriter err, String name) {
        this.members = List.copyOf(members);
        this.command = command;
        this.out = out;
        this.err = err;
        this.name = name;
    }

    /// Runs them to their end.
    ///
    /// @return the exit code
    int run() throws IOException, InterruptedException {
        try {
            for (int place = 0; place < members.size(); place++) {
                children.add(start(members.get(place), place));
            }
            while (children.stream().anyMatch(child -> child.process().isAlive())) {
                Child lost = children.stream().filter(Child::failed).findFirst().orElse(null);
                if (lost != null) {
                    return ended(lost);
                }
                Thread.sleep(LOOK_MILLIS);
            }
            Child lost = children.stream().filter(Child::failed).findFirst().orElse(null);
            return lost == null ? ExitCode.DONE : ended(lost);
        } finally {
            children.forEach(child -> child.process().destroy());
            // Also where the thread is interrupted: nothing may be left behind.
            boolean interrupted = Thread.interrupted();
            awaitAll(PATIENCE);
            children.forEach(child -> child.process().destroyForcibly());
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Child start(Member member, int place) throws IOException {
        ProcessBuilder builder = command.builder(member, place);
        boolean speaks = member.rank() == 0;
        if (speaks) {
            // Straight to the terminal, where progress draws a bar.
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        }
        Process process = builder.start();
        process.getOutputStream().close();
        AtomicReference<String> lastWords = new AtomicReference<>("");
        read(process.getInputStream(), line -> {
            if (speaks && !line.startsWith(GREETING)) {
                out.println(line);
            }
        });
        if (!speaks) {
            read(process.getErrorStream(), lastWords::set);
        }
        return new Child(member, process, lastWords);
    }

    private static void read(InputStream stream, Consumer<String> line) {
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().filter(said -> !said.isBlank()).forEach(line);
            } catch (IOException | UncheckedIOException _) {
                // The process is gone, and with it what it had to say.
            }
        });
    }

    /// Waits until all processes have ended, or for so long.
    private void awaitAll(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        for (Child child : children) {
            boolean _ = child.process().waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    /// After the first loss: lets the others end, and says why where nobody has.
    private int ended(Child lost) throws InterruptedException {
        awaitAll(GRACE);
        children.forEach(child -> child.process().destroyForcibly());
        awaitAll(PATIENCE);
        Child first = children.getFirst();
        boolean told = first.member().rank() == 0 && first.spoke();
        if (told && (lost == first || first.process().exitValue() != ExitCode.FAILURE)) {
            return first.process().exitValue();
        }
        String words = Objects.requireNonNullElse(lost.lastWords().get(), "");
        if (!words.isEmpty()) {
            err.println(words);
        } else if (!told) {
            err.println(name + ": " + lost.end()
                    + ", and the others were ended; run the same command again to go on from the last state");
        }
        return lost.spoke() ? lost.process().exitValue() : ExitCode.FAILURE;
    }

    /// Makes this process, started by a supervisor, end with it: the calling thread is interrupted first, and what has
    /// not ended by then ends at once.
    ///
    /// @param pid of the supervisor
    static void endWith(long pid) {
        Thread worker = Thread.currentThread();
        // Where it is gone already, there is nothing to wait for.
        CompletableFuture<ProcessHandle> end = ProcessHandle.of(pid)
                .map(ProcessHandle::onExit)
                .orElse(CompletableFuture.completedFuture(ProcessHandle.current()));
        CompletableFuture<Void> _ = end.thenRunAsync(() -> {
            worker.interrupt();
            try {
                Thread.sleep(PATIENCE);
            } catch (InterruptedException _) {
                // Ends all the same.
            }
            Runtime.getRuntime().halt(ExitCode.FAILURE);
        });
    }
}
