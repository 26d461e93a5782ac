package org.terrachange.nn.training;

import java.io.IOException;

/// The examples of a run, batch by batch in a fixed order.
///
/// @param <B> what holds the examples of one step
public interface Examples<B> extends AutoCloseable {

    /// The examples of the next step.
    ///
    /// @throws IOException if one cannot be read
    B next() throws IOException, InterruptedException;

    /// How long the calls of [#next] have waited, in nanoseconds.
    long waitedNanos();

    @Override
    void close();
}
