package org.terrachange.raster.http;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.terrachange.raster.RasterException;

/// A file on a web server, of which only the parts asked for are transferred.
///
/// Bytes are fetched in blocks of 32 KiB, neighbouring blocks with one request, and the last 16 MiB of them are kept.
/// A block that several threads want at the same moment is fetched once. Requests are repeated where the failure may
/// pass, and fail when the file was replaced on the server.
public final class HttpFile implements Closeable {
    private static final int BLOCK_BYTES = 1 << 15;

    /// The start is fetched at once: cloud-optimised files have all their tables there.
    private static final int HEAD_BYTES = 1 << 16;

    /// Bytes of one request: enough for the way to the server to count little, little enough to retry.
    private static final int MAX_REQUEST_BYTES = 1 << 22;

    private static final int MAX_BLOCKS = (1 << 24) / BLOCK_BYTES;

    /// Fetching this many blocks in vain takes less time than another request.
    private static final int MAX_GAP = 2;

    private final String url;
    private final RangeRequests requests;
    private final RangeRequests.Version version;
    private final LinkedHashMap<Long, CompletableFuture<byte[]>> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private volatile boolean closed;

    private HttpFile(String url, RangeRequests requests, RangeRequests.Part head) {
        this.url = url;
        this.requests = requests;
        this.version = head.version();
        for (int i = 0; i < head.bytes().length; i += BLOCK_BYTES) {
            int length = Math.min(BLOCK_BYTES, head.bytes().length - i);
            var block = new byte[length];
            System.arraycopy(head.bytes(), i, block, 0, length);
            blocks.put((long) i / BLOCK_BYTES, CompletableFuture.completedFuture(block));
        }
    }

    /// Whether a location is the address of a file on the web: `http://...` or `https://...`.
    public static boolean isAddress(String location) {
        String lower = location.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }

    /// Opens a file and fetches its start.
    ///
    /// @param url an address that [#isAddress] accepts
    /// @throws RasterException if the file does not exist, may not be read, or cannot be read in parts
    public static HttpFile open(String url) throws RasterException {
        return open(url, Patience.USUAL);
    }

    static HttpFile open(String url, Patience patience) throws RasterException {
        if (!isAddress(url)) {
            throw new RasterException(url, "is no address that starts with http:// or https://");
        }
        var requests = new RangeRequests(url, patience);
        try {
            return new HttpFile(url, requests, requests.first(HEAD_BYTES));
        } catch (RasterException | RuntimeException e) {
            requests.close();
            throw e;
        }
    }

    /// The address, as it was given.
    public String url() {
        return url;
    }

    /// Bytes of the file.
    public long size() {
        return version.size();
    }

    /// Fills an array with the bytes from `position` on.
    ///
    /// @throws RasterException if they do not all lie in the file or cannot be fetched
    public void read(long position, byte[] into) throws RasterException {
        if (position < 0 || into.length > size() - position) {
            throw new RasterException(
                    url, "has no bytes " + position + " to " + (position + into.length) + ", only " + size());
        }
        // What exceeds a good part of the cache goes past it.
        int done = 0;
        while (into.length - done > MAX_REQUEST_BYTES) {
            requireOpen();
            byte[] part = requests.fetch(new ByteRange(position + done, position + done + MAX_REQUEST_BYTES), version);
            System.arraycopy(part, 0, into, done, part.length);
            done += part.length;
        }
        if (done < into.length) {
            readBlocks(position + done, into, done);
        }
    }

    private void readBlocks(long position, byte[] into, int done) throws RasterException {
        long end = position + into.length - done;
        long first = position / BLOCK_BYTES;
        Map<Long, CompletableFuture<byte[]>> wanted = obtain(numbers(first, (end - 1) / BLOCK_BYTES));
        for (Map.Entry<Long, CompletableFuture<byte[]>> entry : wanted.entrySet()) {
            byte[] block = await(entry.getValue());
            long start = entry.getKey() * BLOCK_BYTES;
            int from = (int) Math.max(0, position - start);
            int to = (int) Math.min(block.length, end - start);
            System.arraycopy(block, from, into, (int) (start + from - position) + done, to - from);
        }
    }

    /// Fetches ranges that are going to be read, with few requests: those that lie close together are fetched as one.
    /// What exceeds the memory for them is left out, and so is what [#read] fetches past it.
    ///
    /// @throws RasterException if they cannot be fetched
    public void fetch(List<ByteRange> ranges) throws RasterException {
        List<ByteRange> sorted = ranges.stream()
                .filter(range -> range.length() > 0 && range.length() <= MAX_REQUEST_BYTES && range.to() <= size())
                .sorted(Comparator.comparingLong(ByteRange::from))
                .toList();
        List<Long> numbers = new ArrayList<>();
        for (ByteRange range : sorted) {
            long first = range.from() / BLOCK_BYTES;
            if (!numbers.isEmpty()) {
                long gap = first - numbers.getLast() - 1;
                first = gap <= MAX_GAP ? numbers.getLast() + 1 : first;
            }
            for (long number = first; number <= (range.to() - 1) / BLOCK_BYTES; number++) {
                if (numbers.size() == MAX_BLOCKS / 2) {
                    break;
                }
                numbers.add(number);
            }
        }
        for (CompletableFuture<byte[]> block : obtain(numbers).values()) {
            await(block);
        }
    }

    private static List<Long> numbers(long first, long last) {
        List<Long> numbers = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    /// The blocks with these ascending numbers. Those that nobody has asked for yet are fetched by this thread.
    private Map<Long, CompletableFuture<byte[]>> obtain(List<Long> numbers) throws RasterException {
        requireOpen();
        Map<Long, CompletableFuture<byte[]>> obtained = new TreeMap<>();
        List<Long> missing = new ArrayList<>();
        synchronized (blocks) {
            for (long number : numbers) {
                CompletableFuture<byte[]> block = blocks.get(number);
                if (block == null) {
                    block = new CompletableFuture<>();
                    blocks.put(number, block);
                    missing.add(number);
                }
                obtained.put(number, block);
            }
            var oldest = blocks.values().iterator();
            while (blocks.size() > MAX_BLOCKS && oldest.hasNext()) {
                if (oldest.next().isDone()) {
                    oldest.remove();
                }
            }
        }
        try {
            fetchMissing(missing, obtained);
        } catch (RasterException e) {
            forget(missing, obtained, e);
            throw e;
        } catch (RuntimeException e) {
            forget(missing, obtained, new RasterException(url, "cannot be read (" + e + ")", e));
            throw e;
        }
        return obtained;
    }

    private void fetchMissing(List<Long> missing, Map<Long, CompletableFuture<byte[]>> obtained)
            throws RasterException {
        int from = 0;
        while (from < missing.size()) {
            int to = from + 1;
            while (to < missing.size()
                    && missing.get(to) == missing.get(to - 1) + 1
                    && (to - from + 1) * BLOCK_BYTES <= MAX_REQUEST_BYTES) {
                to++;
            }
            long start = missing.get(from) * BLOCK_BYTES;
            long end = Math.min((missing.get(to - 1) + 1) * BLOCK_BYTES, size());
            byte[] part = requests.fetch(new ByteRange(start, end), version);
            for (int i = from; i < to; i++) {
                int at = (i - from) * BLOCK_BYTES;
                var block = new byte[Math.min(BLOCK_BYTES, part.length - at)];
                System.arraycopy(part, at, block, 0, block.length);
                complete(obtained, missing.get(i), block);
            }
            from = to;
        }
    }

    private static void complete(Map<Long, CompletableFuture<byte[]>> obtained, long number, byte[] block) {
        CompletableFuture<byte[]> waiting = obtained.get(number);
        if (waiting != null) {
            waiting.complete(block);
        }
    }

    /// After a failure: whoever waits for the blocks fails too, whoever comes later tries again.
    private void forget(List<Long> missing, Map<Long, CompletableFuture<byte[]>> obtained, RasterException failure) {
        for (long number : missing) {
            CompletableFuture<byte[]> block = obtained.get(number);
            if (block != null && block.completeExceptionally(failure)) {
                synchronized (blocks) {
                    blocks.remove(number, block);
                }
            }
        }
    }

    private static byte[] await(CompletableFuture<byte[]> block) throws RasterException {
        try {
            return block.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RasterException problem) {
                throw problem;
            }
            throw e;
        }
    }

    private void requireOpen() throws RasterException {
        if (closed) {
            throw new RasterException(url, "is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (blocks) {
            blocks.clear();
        }
        requests.close();
    }
}
