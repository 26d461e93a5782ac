package org.terrachange.raster.vector;

import java.io.Closeable;
import java.io.IOException;

/// Writes one vector file, feature by feature. The file appears under its name at [#commit]; closing without it
/// leaves nothing behind.
///
/// ```java
/// try (FeatureWriter writer = format.open(file, layer)) {
///     writer.write(feature);
///     writer.commit();
/// }
/// ```
public interface FeatureWriter extends Closeable {

    /// Appends a feature.
    ///
    /// @throws IOException if the file cannot be written; the writer can only be closed then
    void write(ChangeFeature feature) throws IOException;

    /// Completes the file and gives it its name, replacing an older one. Only [#close] may follow.
    ///
    /// @throws IOException if the file cannot be written
    void commit() throws IOException;
}
