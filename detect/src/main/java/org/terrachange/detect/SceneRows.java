package org.terrachange.detect;

import java.io.IOException;
import org.terrachange.detect.product.TileSums;
import org.terrachange.detect.scene.RowConsumer;

/// Where the probabilities of a scene come from.
interface SceneRows {

    /// Brings all rows, from top to bottom.
    ///
    /// @param rows takes them, from one thread at a time
    /// @param tiles gets the pixels of all tiles added, if need be from another thread
    /// @return seconds of work that were done before, elsewhere
    /// @throws InterruptedException if the calling thread is interrupted
    double bring(RowConsumer rows, TileSums tiles) throws IOException, InterruptedException;
}
