package org.terrachange.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;

/// Runs commands of the program inside the test's own process.
final class Terminal {
    private Terminal() {}

    /// @param code exit code
    /// @param out everything on standard output
    /// @param err everything on standard error
    record Answer(int code, String out, String err) {}

    /// @param words the command line; paths are written out
    static Answer run(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Arrays.stream(words).map(Terminal::word).toArray(String[]::new));
        return new Answer(code, out.toString(), err.toString());
    }

    /// That a command refused what it was given: in one line, with the exit code for that, and nothing else.
    static void assertRefused(Answer answer, String... reasons) {
        assertThat(answer.code()).as("%s", answer).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(answer.out()).isEmpty();
        assertThat(answer.err().lines()).as("%s", answer).hasSize(1);
        assertThat(answer.err()).contains(reasons).doesNotContain("Exception");
    }

    private static String word(Object word) {
        return word instanceof Path path ? path.toString() : String.valueOf(word);
    }
}
