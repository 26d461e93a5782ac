package org.terrachange.server.web;

/// Hears what the people who run the server should know. Called from many threads.
@FunctionalInterface
public interface EventLog {
    /// @param line one line, without secrets
    void say(String line);
}
