package org.terrachange.server.rest;

import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartCompliance;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.terrachange.server.storage.Uploads;
import org.terrachange.server.web.Refusal;

/// Reads a body of `multipart/form-data` (RFC 7578) with one file in it, and hands its bytes on as they come, so
/// that a file of any size takes no more memory than a small one.
final class MultipartFile implements MultiPart.Parser.Listener {
    /// The name of the part.
    private static final String FIELD = "file";

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_HEADERS = 8 << 10;
    private static final int MOST_PARTS = 4;

    /// Bytes a second, on average, after a while.
    private static final double SLOWEST = 1_024;

    private static final double GRACE_SECONDS = 60;

    private static final Pattern PARAMETER =
            Pattern.compile("(?i);\\s*(name|filename)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s;\"]+))");

    private final Uploads.Reception reception;
    private final byte[] buffer = new byte[BUFFER];
    private String disposition = "";
    private boolean taking;
    private boolean complete;
    private @Nullable String fileName;
    private @Nullable Throwable failure;

    private MultipartFile(Uploads.Reception reception) {
        this.reception = reception;
    }

    /// Reads a body to its end.
    ///
    /// @param contentType of the request
    /// @param reception takes the bytes of the file
    /// @return the name that the sender gave the file
    /// @throws Refusal with 400 or 415 if the body is not as expected, or as the reception throws it
    static String read(@Nullable String contentType, InputStream body, Uploads.Reception reception) throws IOException {
        MultipartFile reader = new MultipartFile(reception);
        MultiPart.Parser parser = parser(contentType, reader);
        parser.setPartHeadersMaxLength(LONGEST_HEADERS);
        parser.setMaxParts(MOST_PARTS);
        reader.pump(parser, body);
        if (reader.fileName == null) {
            throw Refusal.badRequest("the form has no part named '" + FIELD + "' with a file in it");
        }
        return reader.fileName;
    }

    private static MultiPart.Parser parser(@Nullable String contentType, MultipartFile reader) {
        if (contentType == null || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            throw Refusal.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "send the file as multipart/form-data, in a part named '" + FIELD + "'");
        }
        String boundary = MultiPart.extractBoundary(contentType);
        if (boundary == null || boundary.isBlank() || boundary.length() > 70) {
            throw Refusal.badRequest("the Content-Type of the form names no boundary");
        }
        return new MultiPart.Parser(boundary, MultiPartCompliance.RFC7578, reader);
    }

    private void pump(MultiPart.Parser parser, InputStream body) throws IOException {
        byte[] bytes = new byte[BUFFER];
        long start = System.nanoTime();
        long received = 0;
        try {
            while (!complete && failure == null) {
                int count = read(body, bytes);
                received += Math.max(0, count);
                requirePace(received, (System.nanoTime() - start) / 1e9);
                parser.parse(Content.Chunk.from(
                        count < 0 ? ByteBuffer.allocate(0) : ByteBuffer.wrap(bytes, 0, count), count < 0));
                if (count < 0) {
                    break;
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            // The parser's way to say that the framing is broken.
            throw damaged(e);
        }
        throwOn(failure);
        if (!complete) {
            throw Refusal.badRequest("the form ends before its last boundary");
        }
    }

    private static void throwOn(@Nullable Throwable told) throws IOException {
        if (told instanceof UncheckedIOException e) {
            throw e.getCause();
        }
        if (told instanceof Refusal e) {
            throw e;
        }
        if (told != null) {
            throw damaged(told);
        }
    }

    private static int read(InputStream body, byte[] bytes) {
        try {
            return body.read(bytes);
        } catch (IOException _) {
            // Of no use to a sender who is gone, but true of one who announced more than came.
            throw Refusal.badRequest("the request ends before its body does");
        }
    }

    /// A sender of single bytes would hold a connection and an unfinished file for days.
    private static void requirePace(long bytes, double seconds) {
        if (seconds > GRACE_SECONDS && bytes < seconds * SLOWEST) {
            throw Refusal.of(HttpStatus.REQUEST_TIMEOUT, "the upload comes too slowly");
        }
    }

    private static Refusal damaged(Throwable e) {
        return Refusal.badRequest("the form cannot be read: " + Refusal.quoted(String.valueOf(e.getMessage())));
    }

    @Override
    public void onPartBegin() {
        disposition = "";
    }

    @Override
    public void onPartHeader(String name, String value) {
        if (name.equalsIgnoreCase("Content-Disposition")) {
            disposition = value;
        }
    }

    @Override
    public void onPartHeaders() {
        if (!FIELD.equals(parameter("name").orElse(""))) {
            throw Refusal.badRequest("the form has a part that is not named '" + FIELD + "'");
        }
        if (fileName != null) {
            throw Refusal.badRequest("the form has more than one file; send each by itself");
        }
        fileName = parameter("filename").orElse("");
        taking = true;
    }

    private Optional<String> parameter(String wanted) {
        Matcher parameters = PARAMETER.matcher(disposition);
        while (parameters.find()) {
            if (parameters.group(1).equalsIgnoreCase(wanted)) {
                String quoted = parameters.group(2);
                return Optional.of(quoted == null ? parameters.group(3) : quoted);
            }
        }
        return Optional.empty();
    }

    @Override
    public void onPartContent(Content.Chunk chunk) {
        if (!taking || failure != null) {
            return;
        }
        ByteBuffer bytes = chunk.getByteBuffer();
        try {
            while (bytes.hasRemaining()) {
                int count = Math.min(buffer.length, bytes.remaining());
                bytes.get(buffer, 0, count);
                reception.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onPartEnd() {
        taking = false;
    }

    @Override
    public void onComplete() {
        complete = true;
    }

    @Override
    public void onFailure(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
    }
}
