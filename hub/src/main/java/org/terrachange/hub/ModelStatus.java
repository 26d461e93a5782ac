package org.terrachange.hub;

/// How much of a model's file is on this machine.
public sealed interface ModelStatus {

    /// All of it; only reading it in full tells whether it is intact.
    record Present() implements ModelStatus {}

    /// A download was broken off or is under way.
    ///
    /// @param bytes that are here
    record Partial(long bytes) implements ModelStatus {}

    /// Nothing.
    record Absent() implements ModelStatus {}
}
