package org.terrachange.search.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.RetrievalFiles;
import org.terrachange.data.retrieval.RetrievalWriter;
import org.terrachange.data.retrieval.RgbImage;

/// Pairs of noise in which a square of one of three colours appears or vanishes, or nothing does.
final class ColouredPairs {
    private static final int SIZE = 32;
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    private ColouredPairs() {}

    static void write(Path folder, String split, int count, long seed) throws IOException {
        Random random = new Random(seed);
        try (RetrievalWriter writer = RetrievalWriter.create(
                RetrievalFiles.of(folder, folder, "squares", split), "squares", split, SIZE, SIZE)) {
            for (int i = 0; i < count; i++) {
                byte[] plain = new byte[3 * SIZE * SIZE];
                for (int p = 0; p < plain.length; p++) {
                    plain[p] = (byte) (110 + random.nextInt(20));
                }
                int kind = i % 4;
                byte[] other = plain.clone();
                if (kind < 3) {
                    paint(other, kind, random);
                }
                List<String> sentences = kind == 3
                        ? List.of("nothing has changed", "the scene is the same")
                        : List.of(
                                "a " + COLOURS.get(kind) + " square appears",
                                "something " + COLOURS.get(kind) + " is new");
                writer.append(
                        new CaptionedSample("pair" + i, "scene" + i, kind < 3, sentences),
                        new RgbImage(SIZE, SIZE, plain),
                        new RgbImage(SIZE, SIZE, other));
            }
            writer.finish();
        }
    }

    private static void paint(byte[] planes, int colour, Random random) {
        int x = random.nextInt(SIZE - 16);
        int y = random.nextInt(SIZE - 16);
        for (int band = 0; band < 3; band++) {
            for (int row = y; row < y + 16; row++) {
                int at = band * SIZE * SIZE + row * SIZE + x;
                Arrays.fill(planes, at, at + 16, (byte) (band == colour ? 250 : 5));
            }
        }
    }
}
