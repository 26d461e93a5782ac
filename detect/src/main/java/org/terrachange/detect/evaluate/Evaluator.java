package org.terrachange.detect.evaluate;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairImageReader;
import org.terrachange.data.pairs.PairImages;
import org.terrachange.detect.model.PairScorer;
import org.terrachange.nn.model.ChangeNetwork;

/// Scores a detector on labelled pairs.
public final class Evaluator {
    private static final int CROP = 256;

    private final PairScorer detector;
    private final Protocol protocol;

    public Evaluator(PairScorer detector, Protocol protocol) {
        this.detector = detector;
        this.protocol = protocol;
    }

    /// Scores all pairs; counts are pooled over their pixels.
    ///
    /// @param progress hears the number of pairs done after each
    /// @throws InterruptedException if the calling thread is interrupted
    public PixelScores score(List<LabelledPair> pairs, IntConsumer progress) throws IOException, InterruptedException {
        PixelScores scores = new PixelScores();
        int done = 0;
        for (LabelledPair files : pairs) {
            add(PairImageReader.read(files), scores);
            progress.accept(++done);
        }
        return scores;
    }

    /// Adds the scores of one pair.
    ///
    /// @throws InterruptedException if the calling thread is interrupted
    public void add(PairImages pair, PixelScores scores) throws InterruptedException {
        switch (protocol) {
            case WHOLE -> addWhole(pair, scores);
            case CROPS256 -> addCrops(pair, scores);
            case RESIZE256 -> addWhole(resized(pair), scores);
        }
    }

    /// Pictures are read by means that do not heed interrupts.
    private static void requireNotInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private void addWhole(PairImages pair, PixelScores scores) throws InterruptedException {
        requireNotInterrupted();
        int width = padded(pair.width());
        int height = padded(pair.height());
        float[] all = detector.probabilities(
                cut(pair.before(), pair, 0, 0, width, height),
                cut(pair.after(), pair, 0, 0, width, height),
                1,
                height,
                width);
        if (width == pair.width() && height == pair.height()) {
            scores.add(all, pair.change());
            return;
        }
        float[] inside = new float[pair.change().length];
        for (int y = 0; y < pair.height(); y++) {
            System.arraycopy(all, y * width, inside, y * pair.width(), pair.width());
        }
        scores.add(inside, pair.change());
    }

    /// Crops at the right and lower edge of an image whose size is no multiple of 256 are completed by reflection; only
    /// their part inside the image counts.
    private void addCrops(PairImages pair, PixelScores scores) throws InterruptedException {
        for (int y = 0; y < pair.height(); y += CROP) {
            for (int x = 0; x < pair.width(); x += CROP) {
                requireNotInterrupted();
                float[] crop = detector.probabilities(
                        cut(pair.before(), pair, x, y, CROP, CROP),
                        cut(pair.after(), pair, x, y, CROP, CROP),
                        1,
                        CROP,
                        CROP);
                int columns = Math.min(CROP, pair.width() - x);
                for (int row = 0; row < Math.min(CROP, pair.height() - y); row++) {
                    int from = (y + row) * pair.width() + x;
                    scores.add(
                            Arrays.copyOfRange(crop, row * CROP, row * CROP + columns),
                            Arrays.copyOfRange(pair.change(), from, from + columns));
                }
            }
        }
    }

    private static int padded(int length) {
        return Math.ceilDiv(length, ChangeNetwork.SIZE_MULTIPLE) * ChangeNetwork.SIZE_MULTIPLE;
    }

    /// A part of a planar RGB image, mirrored where it reaches beyond the edge.
    private static byte[] cut(byte[] image, PairImages pair, int left, int top, int width, int height) {
        byte[] part = new byte[3 * width * height];
        for (int band = 0; band < 3; band++) {
            for (int y = 0; y < height; y++) {
                int row = (band * pair.height() + mirrored(top + y, pair.height())) * pair.width();
                int to = (band * height + y) * width;
                for (int x = 0; x < width; x++) {
                    part[to + x] = image[row + mirrored(left + x, pair.width())];
                }
            }
        }
        return part;
    }

    private static int mirrored(int at, int length) {
        int inside = at % (2 * length);
        return inside < length ? inside : 2 * length - 1 - inside;
    }

    private static PairImages resized(PairImages pair) {
        byte[] change = new byte[CROP * CROP];
        for (int y = 0; y < CROP; y++) {
            for (int x = 0; x < CROP; x++) {
                int row = (int) ((y + 0.5) * pair.height() / CROP);
                int column = (int) ((x + 0.5) * pair.width() / CROP);
                change[y * CROP + x] = pair.change()[row * pair.width() + column];
            }
        }
        return new PairImages(CROP, CROP, averaged(pair.before(), pair), averaged(pair.after(), pair), change);
    }

    /// The mean of the pixels whose centres fall into each of the 256x256 cells, at least one.
    private static byte[] averaged(byte[] image, PairImages pair) {
        byte[] out = new byte[3 * CROP * CROP];
        for (int band = 0; band < 3; band++) {
            int plane = band * pair.width() * pair.height();
            for (int y = 0; y < CROP; y++) {
                int top = y * pair.height() / CROP;
                int bottom = Math.max(top + 1, (y + 1) * pair.height() / CROP);
                for (int x = 0; x < CROP; x++) {
                    int left = x * pair.width() / CROP;
                    int right = Math.max(left + 1, (x + 1) * pair.width() / CROP);
                    int sum = 0;
                    for (int row = top; row < bottom; row++) {
                        for (int column = left; column < right; column++) {
                            sum += image[plane + row * pair.width() + column] & 0xff;
                        }
                    }
                    out[(band * CROP + y) * CROP + x] =
                            (byte) Math.round(sum / (double) ((bottom - top) * (right - left)));
                }
            }
        }
        return out;
    }
}
