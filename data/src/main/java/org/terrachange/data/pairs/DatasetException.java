package org.terrachange.data.pairs;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/// A dataset folder that is not laid out as expected. The message says where it looked, for what, and what to do.
public class DatasetException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    public DatasetException(Path folder, String problem) {
        super(folder + ": " + problem);
    }
}
