package org.terrachange.raster.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/// Takes in the body of an answer up to a number of bytes, and hangs up on a server that sends more.
final class BoundedBody implements BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    private final byte[] bytes;
    private final AtomicLong heard;
    private int filled;
    private Flow.Subscription subscription = new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    };

    /// @param most bytes to take; none to leave the body unread
    /// @param heard set to [System#nanoTime] whenever bytes come
    BoundedBody(int most, AtomicLong heard) {
        this.bytes = new byte[most];
        this.heard = heard;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return result;
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        if (bytes.length == 0) {
            started.cancel();
            result.complete(bytes);
        } else {
            started.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        heard.set(System.nanoTime());
        for (ByteBuffer buffer : buffers) {
            int length = buffer.remaining();
            if (length > bytes.length - filled) {
                subscription.cancel();
                result.completeExceptionally(new IOException("the server sent more bytes than it was asked for"));
                return;
            }
            buffer.get(bytes, filled, length);
            filled += length;
        }
    }

    @Override
    public void onError(Throwable problem) {
        result.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
        result.complete(filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled));
    }
}
