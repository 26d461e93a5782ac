package org.terrachange.hub.download;

import java.io.Closeable;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The body of an answer, handed out piece by piece to a thread that waits for each piece only so long. The
/// streams of the platform wait for ever.
final class StreamedBody implements BodySubscriber<StreamedBody>, Closeable {
    /// Pieces of up to 16 KiB each that may wait for the reader.
    private static final int AHEAD = 16;

    private sealed interface Signal {}

    private record Piece(List<ByteBuffer> buffers) implements Signal {}

    private record Broken() implements Signal {}

    private record End() implements Signal {}

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    @Override
    public CompletionStage<StreamedBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription source) {
        subscription.complete(source);
        source.request(AHEAD);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Piece(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Broken());
    }

    @Override
    public void onComplete() {
        signals.add(new End());
    }

    /// The next piece, empty at the end.
    ///
    /// @param patience how long to wait for it
    /// @throws Setback if the connection broke or nothing came in time
    Optional<List<ByteBuffer>> next(Duration patience) throws Setback, InterruptedException {
        Signal signal = signals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (signal == null) {
            throw new Setback("sent nothing for " + patience.toSeconds() + " s");
        }
        return switch (signal) {
            case Piece(List<ByteBuffer> buffers) -> {
                subscription.join().request(1);
                yield Optional.of(buffers);
            }
            case Broken() -> throw new Setback("broke the connection");
            case End() -> Optional.empty();
        };
    }

    /// Wants no more of it; the connection is closed if there is more.
    @Override
    public void close() {
        var _ = subscription.thenAccept(Flow.Subscription::cancel);
    }
}
