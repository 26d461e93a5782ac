package org.terrachange.hub;

/// What reading a model's file in full has shown.
public enum Verification {
    /// Its SHA-256 is the one that it should be.
    INTACT,

    /// It is here and something else.
    DAMAGED,

    /// It is not here.
    ABSENT
}
