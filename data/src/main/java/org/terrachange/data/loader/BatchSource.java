package org.terrachange.data.loader;

import java.io.IOException;

/// An endless sequence of examples that can be entered anywhere.
///
/// @param <B> what holds several examples
@FunctionalInterface
public interface BatchSource<B> {

    /// Examples `first`, `first + stride` and so on. Called from several threads at once.
    ///
    /// @param count number of examples
    /// @param stride from one to the next, 1 or more
    /// @throws IOException if one cannot be read
    B batch(long first, int count, int stride) throws IOException;

    /// Examples `first` to `first + count - 1`.
    ///
    /// @throws IOException if one cannot be read
    default B batch(long first, int count) throws IOException {
        return batch(first, count, 1);
    }
}
