package org.terrachange.server.web;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// What a client still sends when its request has been refused.
///
/// A connection that is closed with bytes unread is reset, and a reset throws away the answer with them: whoever sends
/// too much would learn nothing but "broken pipe". So the rest is read and forgotten for a while, as RFC 9112
/// (9.6, "Tear-down") advises.
final class UnreadBody {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int CHUNK = 64 << 10;

    private UnreadBody() {}

    /// Reads to the end of the request, or until patience ends.
    static void drain(Context context) {
        HttpServletRequest request = context.req();
        boolean hasBody = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        // Who waits for leave to send gets the answer instead; reading would give the leave.
        if (!hasBody || request.getHeader("Expect") != null) {
            return;
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        byte[] forgotten = new byte[CHUNK];
        try {
            InputStream body = request.getInputStream();
            while (body.read(forgotten) >= 0 && System.nanoTime() < end) {
                // Nothing is kept.
            }
        } catch (IOException | IllegalStateException _) {
            // The client is gone, or the body was read to a reader's end.
        }
    }
}
