package org.terrachange.server.storage;

import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.terrachange.raster.RasterException;
import org.terrachange.server.web.Refusal;

/// Looks at images that strangers sent: few at a time, and none for longer than is granted.
public final class DecodeLimit implements AutoCloseable {
    /// A decoded picture takes up to a few hundred megabytes.
    private static final int AT_ONCE = 2;

    private final Duration longest;
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("decode-", 0).factory());

    /// @param longest that one look may take
    public DecodeLimit(Duration longest) {
        this.longest = longest;
    }

    /// Does something with an image.
    ///
    /// @throws Refusal with 422 if the image is damaged or it takes too long, 503 if too many others wait
    public <T> T call(Callable<T> look) throws IOException, InterruptedException {
        if (!places.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            throw busy();
        }
        Future<T> answer = threads.submit(() -> {
            try {
                return look.call();
            } finally {
                // Not before: a decoder that does not heed the interrupt still holds its memory.
                places.release();
            }
        });
        try {
            return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            answer.cancel(true);
            throw Refusal.unprocessable("looking at the image took longer than " + longest.toSeconds()
                    + " s; write it as a tiled GeoTIFF with overviews");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Refusal refusal -> throw refusal;
                case RasterException damaged -> throw Refusal.unprocessable(String.valueOf(damaged.getMessage()));
                case IOException io -> throw io;
                case RuntimeException unexpected ->
                    // Damage of a kind that no reader foresaw is still damage of the image.
                    throw Refusal.unprocessable(
                            "the image cannot be read: " + Refusal.quoted(String.valueOf(unexpected.getMessage())));
                case InterruptedException interrupted -> throw interrupted;
                case OutOfMemoryError _ -> throw busy();
                case StackOverflowError _ -> throw Refusal.unprocessable("the image is nested too deeply");
                case null, default -> throw new IllegalStateException("an image could not be looked at", e);
            }
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    private static Refusal busy() {
        return Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "too many images are being looked at; try again later")
                .withHeader("Retry-After", "10");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
