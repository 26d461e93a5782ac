package org.terrachange.detect.scene;

import java.io.IOException;

/// Takes a scene's probabilities as they are settled, from top to bottom.
public interface RowConsumer {

    /// The next rows. Called from one thread at a time.
    ///
    /// @param y first row
    /// @param count number of rows
    /// @param probability `count` times the width of the scene, from 0 to 1; NaN where a pixel is missing in
    /// either date
    void rows(int y, int count, float[] probability) throws IOException;
}
