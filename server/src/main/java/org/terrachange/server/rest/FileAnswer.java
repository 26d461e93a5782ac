package org.terrachange.server.rest;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.terrachange.server.web.Refusal;

/// A file as the answer to a request, whole or in part (RFC 9110, section 14), which is how GDAL and browsers read
/// a cloud-optimised GeoTIFF.
///
/// @param file to send
/// @param mediaType of its content
/// @param downloadAs name under which a browser saves it; shown instead of saved where absent
record FileAnswer(Path file, String mediaType, Optional<String> downloadAs) {
    private static final int BUFFER = 1 << 16;

    /// One range; a request for several is answered with the whole file, as the standard allows.
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /// A file that a browser shows.
    static FileAnswer of(Path file, String mediaType) {
        return new FileAnswer(file, mediaType, Optional.empty());
    }

    /// First and last byte, both included.
    private record Part(long first, long last) {}

    void send(Context context) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            String tag = "\"" + Long.toHexString(size) + "-"
                    + Long.toHexString(Files.getLastModifiedTime(file).toMillis()) + "\"";
            context.header("ETag", tag).header("Accept-Ranges", "bytes").header("Cache-Control", "private, no-cache");
            downloadAs.ifPresent(
                    name -> context.header("Content-Disposition", "attachment; filename=\"" + name + "\""));
            if (tag.equals(context.header("If-None-Match"))) {
                context.status(HttpStatus.NOT_MODIFIED);
                return;
            }
            context.disableCompression();
            context.contentType(mediaType);
            String condition = context.header("If-Range");
            Part part = part(condition == null || condition.equals(tag) ? context.header("Range") : null, size);
            if (part.last() - part.first() + 1 < size) {
                context.status(HttpStatus.PARTIAL_CONTENT)
                        .header("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + size);
            }
            context.res().setContentLengthLong(part.last() - part.first() + 1);
            if (!context.req().getMethod().equals("HEAD")) {
                copy(channel, part, context.outputStream());
            }
        }
    }

    private static Part part(@Nullable String range, long size) {
        Matcher wanted = RANGE.matcher(Objects.requireNonNullElse(range, ""));
        if (!wanted.matches() || (wanted.group(1).isEmpty() && wanted.group(2).isEmpty())) {
            return new Part(0, size - 1);
        }
        long first;
        long last;
        if (wanted.group(1).isEmpty()) {
            first = Math.max(0, size - Long.parseLong(wanted.group(2)));
            last = size - 1;
        } else {
            first = Long.parseLong(wanted.group(1));
            last = wanted.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(wanted.group(2)));
            if (last < first && first < size) {
                // An invalid range counts as none.
                return new Part(0, size - 1);
            }
        }
        if (first >= size) {
            throw Refusal.of(HttpStatus.RANGE_NOT_SATISFIABLE, "the file has " + size + " bytes")
                    .withHeader("Content-Range", "bytes */" + size);
        }
        return new Part(first, last);
    }

    private static void copy(FileChannel channel, Part part, OutputStream out) throws IOException {
        byte[] bytes = new byte[BUFFER];
        long at = part.first();
        while (at <= part.last()) {
            int wanted = (int) Math.min(bytes.length, part.last() - at + 1);
            int count = channel.read(ByteBuffer.wrap(bytes, 0, wanted), at);
            if (count < 0) {
                break;
            }
            out.write(bytes, 0, count);
            at += count;
        }
    }
}
