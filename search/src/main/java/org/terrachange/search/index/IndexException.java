package org.terrachange.search.index;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An index that cannot be opened, read or written as asked. The message, one line, names the folder, what is
/// wrong and what to do.
public class IndexException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public IndexException(Path folder, String problem) {
        this(folder, problem, null);
    }

    public IndexException(Path folder, String problem, @Nullable Throwable cause) {
        super((folder + ": " + problem).replaceAll("\\p{Cc}+", " "), cause);
    }
}
