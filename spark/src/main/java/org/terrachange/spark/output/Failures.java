package org.terrachange.spark.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;

/// What it means that the work on one pair threw something.
public final class Failures {
    private Failures() {}

    /// Work on one pair.
    ///
    /// @param <R> its result
    @FunctionalInterface
    public interface PairWork<R> {
        R run() throws IOException, InterruptedException;
    }

    /// Does it. What is wrong with the pair becomes an answer; what was only cancelled does not.
    ///
    /// @param otherwise makes the answer of a sentence that says what is wrong
    /// @throws InterruptedException if the work was cancelled
    public static <R> R answered(PairWork<R> work, java.util.function.Function<String, R> otherwise)
            throws InterruptedException {
        try {
            return work.run();
        } catch (UncheckedIOException e) {
            requireNotCancelled(e);
            return otherwise.apply(words(Objects.requireNonNull(e.getCause())));
        } catch (IOException | RuntimeException e) {
            requireNotCancelled(e);
            return otherwise.apply(words(e));
        }
    }

    /// Reading a file while the thread is interrupted closes the file, which then looks like damage.
    private static void requireNotCancelled(Exception failure) throws InterruptedException {
        boolean cancelled = Thread.interrupted();
        for (Throwable e = failure; e != null; e = e.getCause()) {
            cancelled |= e instanceof ClosedByInterruptException || e instanceof InterruptedException;
        }
        if (cancelled) {
            throw new InterruptedException();
        }
    }

    private static String words(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
