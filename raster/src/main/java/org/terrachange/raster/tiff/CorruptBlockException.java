package org.terrachange.raster.tiff;

import java.io.Serial;

/// Compressed data that do not decode. The problem is the rest of a sentence that starts with the block's name.
final class CorruptBlockException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String problem;

    CorruptBlockException(String problem) {
        super(problem);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }

    /// The data ran out before the block was full.
    static CorruptBlockException endsEarly(int decoded, int wanted) {
        return new CorruptBlockException("ends after " + decoded + " of " + wanted + " bytes");
    }
}
