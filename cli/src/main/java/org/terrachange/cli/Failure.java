package org.terrachange.cli;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.hub.DownloadException;
import org.terrachange.hub.HubException;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.distributed.LostProcessException;
import org.terrachange.raster.CrsException;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.warp.MisfitException;
import org.terrachange.search.index.IndexException;
import picocli.CommandLine;

/// A command that did not do what was asked: what to say of it, and the exit code.
///
/// @param exitCode one of [ExitCode]
/// @param message one line for people
/// @param cause what was thrown
record Failure(int exitCode, String message, Throwable cause) {
    private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\R\\s*");

    Failure {
        message = LINE_BREAK.matcher(message.strip()).replaceAll("; ");
    }

    /// What an exception means to the person who typed the command.
    static Failure of(Throwable thrown) {
        if (wasInterrupted(thrown)) {
            return new Failure(ExitCode.INTERRUPTED, "interrupted", thrown);
        }
        return switch (thrown) {
            case CommandLine.ParameterException e ->
                new Failure(
                        ExitCode.BAD_INPUT,
                        text(e) + " (see: "
                                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)",
                        e);
            case RasterException e -> badInput(e);
            case CrsException e -> badInput(e);
            case MisfitException e -> badInput(e);
            case DatasetException e -> badInput(e);
            case CheckpointException e -> badInput(e);
            case HubException e -> badInput(e);
            case IndexException e -> badInput(e);
            case LostProcessException e -> new Failure(ExitCode.FAILURE, text(e), e);
            case DownloadException e -> new Failure(ExitCode.FAILURE, text(e), e);
            case FileSystemException e -> new Failure(ExitCode.BAD_INPUT, text(e), e);
            case IOException e when e.getCause() instanceof FileSystemException -> badInput(e);
            case IOException e -> new Failure(ExitCode.FAILURE, text(e), e);
            case OutOfMemoryError e ->
                new Failure(
                        ExitCode.FAILURE,
                        "out of memory (" + text(e) + "); use smaller tiles or crops, or give the program more with"
                                + " TERRACHANGE_JAVA_OPTS=-Xmx8g",
                        e);
            default ->
                new Failure(
                        ExitCode.FAILURE,
                        "an error in the program itself: " + thrown + "; run again with --debug and report it",
                        thrown);
        };
    }

    private static boolean wasInterrupted(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof InterruptedException || e instanceof ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }

    private static Failure badInput(IOException e) {
        return new Failure(ExitCode.BAD_INPUT, text(e), e);
    }

    /// The messages of the Java library's own file exceptions are often the bare file name.
    private static String text(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> e.getFile() + ": does not exist";
            case AccessDeniedException _ -> e.getFile() + ": permission denied";
            case FileAlreadyExistsException _ -> e.getFile() + ": exists and is no folder";
            default -> text((Throwable) e);
        };
    }

    private static String text(Throwable e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    /// Says it on the error stream.
    ///
    /// @param trace whether to add where in the program it happened
    /// @return the exit code
    int report(CommandLine command, boolean trace) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message);
        if (trace) {
            cause.printStackTrace(command.getErr());
        }
        return exitCode;
    }
}
