package org.terrachange.nn.checkpoint;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// A checkpoint that cannot be read, written or loaded as asked. The message names the file, what is wrong
/// with it and what to do; it is meant for the person who chose the file.
public class CheckpointException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int LONGEST_QUOTE = 200;

    public CheckpointException(Path file, String problem) {
        this(file.toString(), problem);
    }

    public CheckpointException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }

    /// @param source what the tensors came from: a file's name or a description
    public CheckpointException(String source, String problem) {
        super(source + ": " + problem);
    }

    /// Text from inside a file, fit to stand in a message: cut where too long, and without the control
    /// characters with which a hostile file could write to the reader's terminal.
    static String quoted(String text) {
        String shown = text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
        return shown.codePoints()
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
