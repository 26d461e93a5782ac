package org.terrachange.nn.distributed;

/// Another process of a training has ended or does not answer. Unchecked, since it surfaces wherever processes
/// exchange anything, callbacks of a backward pass included.
public final class LostProcessException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostProcessException(String message, Throwable cause) {
        super(message, cause);
    }
}
