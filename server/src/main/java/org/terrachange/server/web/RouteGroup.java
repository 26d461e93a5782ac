package org.terrachange.server.web;

import java.io.IOException;

/// A part of the server that answers some of its addresses.
@FunctionalInterface
public interface RouteGroup extends AutoCloseable {
    /// Called once, before the server starts.
    void addTo(Routes routes);

    /// Called once, after the last request.
    @Override
    default void close() throws IOException {
        // Most hold nothing open.
    }
}
