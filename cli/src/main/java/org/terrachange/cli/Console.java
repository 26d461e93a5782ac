package org.terrachange.cli;

import java.io.PrintWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Where the words of one command go: results to standard output, everything else to standard error. With
/// `--json`, the
/// only thing on standard output is one JSON document.
final class Console {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final boolean quiet;

    Console(PrintWriter out, PrintWriter err, boolean json, boolean quiet) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.quiet = quiet;
    }

    /// Prints the result of a command in the form that was asked for.
    ///
    /// @param document becomes the JSON document
    /// @param text says the same to people
    void result(Object document, String text) {
        print(json ? json(document) : text);
    }

    /// Prints the result of a command that knows more forms than two.
    void print(String text) {
        out.print(text.endsWith("\n") ? text : text + System.lineSeparator());
        out.flush();
    }

    /// The JSON document of a value.
    static String json(Object document) {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(document);
    }

    /// A remark on the way, unless `--quiet`.
    void note(String line) {
        if (!quiet) {
            err.println(line);
        }
    }

    /// Shows how far a long task is, unless `--quiet`.
    ///
    /// @param task what is done, a few words
    Progress progress(String task) {
        return quiet ? Progress.silent() : Progress.on(err, task, Progress.Unit.STEPS);
    }

    /// Shows how far a transfer is, in bytes and with its pace, unless `--quiet`.
    ///
    /// @param task what is transferred, a few words
    Progress transfer(String task) {
        return quiet ? Progress.silent() : Progress.on(err, task, Progress.Unit.BYTES);
    }
}
