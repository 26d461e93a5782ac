package org.terrachange.detect.product;

import java.io.Closeable;
import java.io.IOException;
import org.terrachange.detect.scene.RowConsumer;

/// One file that a detection leaves behind. It appears under its name at [#commit], when all rows have come;
/// closing without it leaves nothing.
public interface Product extends RowConsumer, Closeable {

    /// Completes the file and gives it its name.
    void commit() throws IOException;
}
