package org.terrachange.cli;

/// What the exit codes of the program mean.
final class ExitCode {
    /// Done as asked.
    static final int DONE = 0;

    /// The program failed at something it should have been able to do.
    static final int FAILURE = 1;

    /// What was asked for is not possible: a bad option, or a bad input.
    static final int BAD_INPUT = 2;

    /// Stopped from outside; what a shell reports for a process that Ctrl-C ended.
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
