package org.terrachange.data.loader;

import java.io.IOException;

/// An endless sequence of examples that can be entered anywhere.
///
/// @param <B> what holds several examples
@FunctionalInterface
public interface BatchSource<B> {

    /// Examples `first` to `first + count - 1`. Called from several threads at once.
    ///
    /// @throws IOException if one cannot be read
    B batch(long first, int count) throws IOException;
}
