package org.terrachange.hub.download;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.digest.Fingerprint;

/// Brings a part file to its end from one address, however often the connection breaks.
final class WebTransfer {
    /// An attempt that brought as much has got on, and failures are counted anew.
    private static final long PROGRESS = 1 << 16;

    /// Bytes between two looks at the free space, where the length of the file is not known.
    private static final long SPACE_CHECK = 1 << 26;

    private final HttpClient client;
    private final Patience patience;
    private final FreeSpace space;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Origin.Web origin;
    private final Download wanted;
    private final PartFile part;
    private final DownloadListener listener;

    WebTransfer(
            HttpClient client,
            Patience patience,
            FreeSpace space,
            Origin.Web origin,
            Download wanted,
            DownloadListener listener) {
        this.client = client;
        this.patience = patience;
        this.space = space;
        this.origin = origin;
        this.wanted = wanted;
        this.part = new PartFile(wanted.part());
        this.listener = listener;
    }

    /// @throws OriginFailure if the address does not give the file; what has come stays
    /// @throws IOException if it cannot be written
    void run() throws OriginFailure, IOException, InterruptedException {
        int failures = 0;
        while (true) {
            long before = part.length();
            try {
                once();
                return;
            } catch (Setback e) {
                failures = part.length() - before >= PROGRESS ? 1 : failures + 1;
                pause(e, failures);
            }
        }
    }

    private void pause(Setback setback, int failures) throws OriginFailure, IOException, InterruptedException {
        Duration asked = setback.pause().orElse(Duration.ZERO);
        if (asked.compareTo(patience.longestPause()) > 0) {
            throw new OriginFailure(
                    origin, setback.getMessage() + " and asks to be left alone for " + asked.toMinutes() + " min");
        }
        if (failures >= patience.attempts()) {
            throw new OriginFailure(origin, setback.getMessage() + ", " + failures + " times in a row");
        }
        Duration own = patience.pause(failures, random);
        Duration pause = asked.compareTo(own) > 0 ? asked : own;
        listener.remark(origin + " " + setback.getMessage() + "; "
                + (part.length() == 0 ? "trying again" : "going on from " + Sizes.words(part.length()))
                + " in " + Math.ceilDiv(pause.toMillis(), 1000) + " s (attempt " + (failures + 1) + " of "
                + patience.attempts() + ")");
        Thread.sleep(pause);
    }

    private void once() throws Setback, OriginFailure, IOException, InterruptedException {
        Optional<PartState> known =
                part.state().filter(state -> state.url().equals(origin.url().toString()));
        // What came from another address stays until this one sends something in its place: it may have nothing.
        long have = mayContinue(known) ? part.length() : 0;
        HttpResponse<StreamedBody> response = send(request(have, known));
        try (StreamedBody body = response.body()) {
            switch (Answer.of(origin.url(), response.statusCode(), response.headers(), have, known)) {
                case Answer.Continues(long total) -> {
                    requireLength(total);
                    if (have == 0) {
                        part.begin(state(response.headers(), total));
                    }
                    receive(body, have, total);
                }
                case Answer.Begins(long total) -> {
                    requireLength(total);
                    part.begin(state(response.headers(), total));
                    receive(body, 0, total);
                }
                case Answer.NothingMore() -> {}
                case Answer.Outdated() -> {
                    part.discard();
                    throw new Setback("has another version of the file than the part that was here");
                }
                case Answer.Busy(String problem, Optional<Duration> pause) -> throw new Setback(problem, pause);
                case Answer.Refused(String problem) -> throw new OriginFailure(origin, problem);
            }
        }
    }

    /// What is here may be gone on with if its server can tell whether it still belongs to the file, or if the
    /// fingerprint will.
    private boolean mayContinue(Optional<PartState> known) throws IOException {
        boolean verifiable = !(wanted.fingerprint() instanceof Fingerprint.Unknown);
        boolean conditional = known.flatMap(PartState::condition).isPresent();
        boolean tooLong =
                wanted.bytes().isPresent() && part.length() > wanted.bytes().getAsLong();
        return part.length() > 0 && !tooLong && (verifiable || conditional);
    }

    private HttpRequest request(long have, Optional<PartState> known) {
        // What is compressed on the way would be hashed and counted as it travels.
        HttpRequest.Builder request = HttpRequest.newBuilder(origin.url())
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "TerraChange");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
            known.flatMap(PartState::condition).ifPresent(condition -> request.header("If-Range", condition));
        }
        return request.build();
    }

    private HttpResponse<StreamedBody> send(HttpRequest request) throws Setback, OriginFailure, InterruptedException {
        CompletableFuture<HttpResponse<StreamedBody>> sent = client.sendAsync(request, _ -> new StreamedBody());
        try {
            return sent.get(patience.connect().plus(patience.stall()).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new Setback("did not answer within "
                    + patience.connect().plus(patience.stall()).toSeconds() + " s");
        } catch (ExecutionException e) {
            throw connectionFailure(e.getCause());
        } finally {
            // Does nothing to an exchange that has been answered.
            sent.cancel(true);
        }
    }

    private Setback connectionFailure(@Nullable Throwable cause) throws OriginFailure {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            switch (e) {
                case UnresolvedAddressException _ ->
                    throw new OriginFailure(
                            origin,
                            "cannot be reached: its host " + origin.url().getHost()
                                    + " is not known here; is this machine on the network, and does it need a proxy"
                                    + " (HTTPS_PROXY)?");
                case SSLHandshakeException tls ->
                    throw new OriginFailure(
                            origin, "has no certificate that can be trusted (" + tls.getMessage() + ")");
                default -> {}
            }
        }
        String reason = cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
        return cause instanceof ConnectException
                ? new Setback("does not accept connections" + reason)
                : new Setback("broke the connection" + reason);
    }

    private void requireLength(long total) throws OriginFailure {
        if (total != 0 && wanted.bytes().isPresent() && total != wanted.bytes().getAsLong()) {
            throw new OriginFailure(
                    origin,
                    "sends a file of " + total + " bytes instead of "
                            + wanted.bytes().getAsLong());
        }
    }

    private PartState state(HttpHeaders headers, long total) {
        return new PartState(
                origin.url().toString(),
                headers.firstValue("ETag").orElse(""),
                headers.firstValue("Last-Modified").orElse(""),
                total);
    }

    /// @param total bytes of the whole file, 0 where unknown
    private void receive(StreamedBody body, long have, long total)
            throws Setback, OriginFailure, IOException, InterruptedException {
        long end = wanted.bytes().orElse(total);
        long done = have;
        long checked = done;
        space.require(folder(), Math.max(0, end - have));
        listener.progress(done, end);
        try (FileChannel channel = part.append()) {
            for (Optional<List<ByteBuffer>> piece = body.next(patience.stall());
                    piece.isPresent();
                    piece = body.next(patience.stall())) {
                for (ByteBuffer buffer : piece.get()) {
                    while (buffer.hasRemaining()) {
                        done += channel.write(buffer);
                    }
                }
                if (end != 0 && done > end) {
                    break;
                }
                if (done - checked > SPACE_CHECK) {
                    space.require(folder(), 0);
                    checked = done;
                }
                listener.progress(done, end);
            }
            channel.force(true);
        }
        if (end != 0 && done > end) {
            part.discard();
            throw new OriginFailure(origin, "sends more than the " + end + " bytes of the file");
        }
        if (end != 0 && done < end) {
            throw new Setback("ended after " + done + " of " + end + " bytes");
        }
    }

    private Path folder() throws IOException {
        return Files.createDirectories(part.folder());
    }
}
