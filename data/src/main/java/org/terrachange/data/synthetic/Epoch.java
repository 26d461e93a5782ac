package org.terrachange.data.synthetic;

/// One of the two dates of a pair.
public enum Epoch {
    BEFORE,
    AFTER
}
