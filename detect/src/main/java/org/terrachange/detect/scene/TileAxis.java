package org.terrachange.detect.scene;

import java.util.ArrayList;
import java.util.List;
import org.terrachange.nn.model.ChangeNetwork;

/// How one side of a scene is cut into overlapping tiles, and how much each tile counts where they overlap.
///
/// Across an overlap the weight of one tile falls along half a Hann window while its neighbour's rises, so
/// that the weights of all tiles sum to one everywhere and no seam shows.
final class TileAxis {
    private final int overlap;
    private final List<Span> spans;

    /// @param length pixels of this side of the scene
    /// @param tile pixels of a tile, a multiple of [ChangeNetwork#SIZE_MULTIPLE]
    /// @param overlap pixels that neighbours share, at most half a tile
    TileAxis(int length, int tile, int overlap) {
        if (tile < ChangeNetwork.SIZE_MULTIPLE || tile % ChangeNetwork.SIZE_MULTIPLE != 0) {
            throw new IllegalArgumentException(
                    "the tile size must be a positive multiple of " + ChangeNetwork.SIZE_MULTIPLE + ", got " + tile);
        }
        if (overlap < 0 || overlap > tile / 2) {
            throw new IllegalArgumentException(
                    "the overlap must lie between 0 and half the tile size of " + tile + ", got " + overlap);
        }
        this.overlap = overlap;
        List<Span> found = new ArrayList<>();
        int start = 0;
        while (true) {
            int end = Math.min(length, start + tile);
            found.add(new Span(start, end - start, padded(end - start)));
            if (end == length) {
                break;
            }
            start += tile - overlap;
        }
        spans = List.copyOf(found);
    }

    private static int padded(int length) {
        return Math.ceilDiv(length, ChangeNetwork.SIZE_MULTIPLE) * ChangeNetwork.SIZE_MULTIPLE;
    }

    List<Span> spans() {
        return spans;
    }

    /// How many pixels of a tile no later tile touches.
    int settled(int index) {
        return index == spans.size() - 1
                ? spans.get(index).length()
                : spans.get(index + 1).start() - spans.get(index).start();
    }

    /// The weight of each pixel of a tile along this side.
    float[] weights(int index) {
        Span span = spans.get(index);
        float[] weights = new float[span.length()];
        java.util.Arrays.fill(weights, 1);
        for (int i = 0; i < overlap; i++) {
            double rise = Math.sin(Math.PI / 2 * (i + 0.5) / overlap);
            if (index > 0) {
                weights[i] = (float) (rise * rise);
            }
            if (index < spans.size() - 1) {
                weights[span.length() - 1 - i] = (float) (rise * rise);
            }
        }
        return weights;
    }

    /// One tile along this side.
    ///
    /// @param start first pixel in the scene
    /// @param length pixels inside the scene
    /// @param padded pixels that the network sees
    record Span(int start, int length, int padded) {}
}
