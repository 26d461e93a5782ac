package org.terrachange.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/// Where the program starts.
public final class Main {
    /// Lucene advises on options of the Java virtual machine by a log line, which is not for the users of a
    /// program that has chosen them; held here because a logger that nobody holds forgets its level.
    private static final Logger ADVICE = Logger.getLogger("org.apache.lucene.internal.vectorization");

    static {
        ADVICE.setLevel(Level.SEVERE);
    }

    private Main() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] args) {
        // Not System.out: its encoding follows the locale, and a JSON document is UTF-8 everywhere.
        PrintWriter out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code;
        try (var _ = Interruption.ofThisThread()) {
            code = run(out, err, args);
            out.flush();
            err.flush();
        }
        System.exit(code);
    }

    /// Runs one command.
    ///
    /// @param out receives what was asked for
    /// @param err receives progress, notes and errors
    /// @return the exit code, one of [ExitCode]
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new TerraChangeCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(OnceOnly::execute)
                .setParameterExceptionHandler(
                        (failure, _) -> Failure.of(failure).report(failure.getCommandLine(), false))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> Failure.of(failure).report(command, asksForTrace(parsed)));
        return run(line, args);
    }

    /// Runs a command line; what no command could handle, such as a lack of memory, becomes a message as well.
    static int run(CommandLine line, String... args) {
        try {
            return line.execute(args);
        } catch (Error e) {
            return Failure.of(e).report(line, List.of(args).contains("--debug"));
        }
    }

    private static boolean asksForTrace(CommandLine.ParseResult parsed) {
        return parsed.asCommandLineList().getLast().getParseResult().hasMatchedOption("--debug");
    }
}
