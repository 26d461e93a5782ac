package org.terrachange.detect.scene;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.Window;

/// Runs a detector over a scene of any size: overlapping tiles are read ahead on one thread, go through the
/// network on the calling one, are blended, and leave as finished rows on a third. Memory holds two strips of
/// the scene's width and a tile's height and what becomes of one, whatever the number of rows.
public final class SceneScanner {
    /// The strip, the rows that leave it, and their copies in the formats of results.
    private static final int STRIPS = 3;

    private final ScenePair pair;
    private final ChangeDetector detector;
    private final TileAxis across;
    private final TileAxis down;

    /// @param tile width and height of a tile in pixels, a multiple of 32
    /// @param overlap pixels that neighbouring tiles share, at most half a tile
    public SceneScanner(ScenePair pair, ChangeDetector detector, int tile, int overlap) {
        this.pair = pair;
        this.detector = detector;
        across = new TileAxis(pair.grid().width(), tile, overlap);
        down = new TileAxis(pair.grid().height(), tile, overlap);
    }

    /// The number of tiles.
    public long tiles() {
        return (long) across.spans().size() * tileRows();
    }

    /// The number of rows of tiles.
    public int tileRows() {
        return down.spans().size();
    }

    /// The first row of pixels that belongs to a row of tiles alone or is shared with the one above; the height of
    /// the scene for [#tileRows]. Scanning some rows of tiles settles the rows of pixels between the starts of
    /// their first and of the one after their last.
    ///
    /// @param tileRow 0 to [#tileRows]
    public int start(int tileRow) {
        return tileRow == tileRows()
                ? pair.grid().height()
                : down.spans().get(tileRow).start();
    }

    /// The number of tiles that [#scan(TileRows, Consumer, RowConsumer, LongConsumer)] sends through the network.
    public long tiles(TileRows rows) {
        return (long) across.spans().size() * (rows.to() - lead(rows));
    }

    /// The row of tiles that reaches into the first one from above has to be seen as well.
    private static int lead(TileRows rows) {
        return Math.max(0, rows.from() - 1);
    }

    /// Detects from top to bottom.
    ///
    /// @param patches sees the pixels of every tile, on another thread, before any of its rows is finished
    /// @param consumer takes the finished rows
    /// @param progress hears the number of tiles done after each
    /// @throws InterruptedException if the calling thread is interrupted; nothing is left running
    public void scan(Consumer<ScenePair.Patch> patches, RowConsumer consumer, LongConsumer progress)
            throws IOException, InterruptedException {
        scan(new TileRows(0, tileRows()), patches, consumer, progress);
    }

    /// Detects a part of the scene: the same rows, to the last bit, that the whole scan gives there. The row of
    /// tiles above is run once more for what it adds to the first one, so that sums have the same terms in the
    /// same order.
    ///
    /// @param rows of tiles, within [#tileRows]
    /// @param patches sees the pixels of the tiles of `rows`, not of the one above
    /// @param consumer takes the rows of pixels from the [#start] of the first to that of the one after the last
    /// @param progress hears the number of tiles done of [#tiles(TileRows)]
    /// @throws InterruptedException if the calling thread is interrupted; nothing is left running
    public void scan(TileRows rows, Consumer<ScenePair.Patch> patches, RowConsumer consumer, LongConsumer progress)
            throws IOException, InterruptedException {
        if (rows.to() > tileRows()) {
            throw new IllegalArgumentException("the scene has " + tileRows() + " rows of tiles, got " + rows);
        }
        requireHeap();
        int columns = across.spans().size();
        long first = (long) lead(rows) * columns;
        long end = (long) rows.to() * columns;
        BlendStrip strip = new BlendStrip(pair.grid().width(), across, down);
        try (ExecutorService reader = thread("reader");
                ExecutorService writer = thread("writer")) {
            try {
                Future<ScenePair.Patch> next = reader.submit(() -> patch(first, rows, patches));
                Future<?> written = CompletableFuture.completedFuture(null);
                for (int row = lead(rows); row < rows.to(); row++) {
                    for (int column = 0; column < columns; column++) {
                        long tile = (long) row * columns + column;
                        ScenePair.Patch patch = await(next);
                        if (tile + 1 < end) {
                            next = reader.submit(() -> patch(tile + 1, rows, patches));
                        }
                        strip.add(patch, probabilities(patch), row, column);
                        progress.accept(tile + 1 - first);
                    }
                    // Rows on their way out have to be gone before the next come: they are as large as the strip.
                    await(written);
                    float[] finished = strip.settle(row);
                    if (row >= rows.from()) {
                        int y = down.spans().get(row).start();
                        int settled = down.settled(row);
                        written = writer.submit(() -> {
                            consumer.rows(y, settled, finished);
                            return null;
                        });
                    }
                }
                await(written);
            } finally {
                reader.shutdownNow();
                writer.shutdownNow();
            }
        }
    }

    /// Told at once rather than after the first row of tiles.
    private void requireHeap() throws RasterException {
        long strip = 4L * pair.grid().width() * down.spans().getFirst().length();
        long needed = STRIPS * strip;
        long heap = Runtime.getRuntime().maxMemory();
        if (needed > heap / 4 * 3 || strip / 4 > Integer.MAX_VALUE - 8) {
            throw new RasterException(
                    pair.beforeLocation(),
                    "makes a scene of " + pair.grid().width() + " columns, of which a row of tiles needs "
                            + (needed >> 20) + " MiB of memory, of " + (heap >> 20)
                            + " MiB; use smaller tiles, an area of interest, or more memory"
                            + " (TERRACHANGE_JAVA_OPTS=-Xmx8g)");
        }
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    private static <T> T await(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("a scene could not be read or written", e);
            }
        }
    }

    private ScenePair.Patch patch(long tile, TileRows rows, Consumer<ScenePair.Patch> patches) throws IOException {
        int row = (int) (tile / across.spans().size());
        TileAxis.Span x = across.spans().get((int) (tile % across.spans().size()));
        TileAxis.Span y = down.spans().get(row);
        ScenePair.Patch patch =
                pair.read(new Window(x.start(), y.start(), x.length(), y.length()), x.padded(), y.padded());
        if (row >= rows.from()) {
            patches.accept(patch);
        }
        return patch;
    }

    /// What the detector says of a tile; nothing of one that shows nothing.
    private float[] probabilities(ScenePair.Patch patch) {
        return allMissing(patch)
                ? new float[0]
                : detector.probabilities(patch.before(), patch.after(), 1, patch.height(), patch.width());
    }

    private static boolean allMissing(ScenePair.Patch patch) {
        for (int y = 0; y < patch.window().height(); y++) {
            for (int x = 0; x < patch.window().width(); x++) {
                if (!patch.missing()[y * patch.width() + x]) {
                    return false;
                }
            }
        }
        return true;
    }
}
