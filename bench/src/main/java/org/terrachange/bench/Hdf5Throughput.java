package org.terrachange.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.terrachange.data.retrieval.CaptionedSample;
import org.terrachange.data.retrieval.RetrievalFiles;
import org.terrachange.data.retrieval.RetrievalSet;
import org.terrachange.data.retrieval.RetrievalWriter;
import org.terrachange.data.retrieval.RgbImage;
import org.terrachange.raster.PixelBlock;

/// Writes pairs of 256 x 256 pixels as `retrieval prepare` does and reads them one by one as training does, beside h5py
/// with the same chunks and the same level of deflate. One thread; of several rounds the fastest counts. Unlike h5py,
/// TerraChange also computes the fingerprint of all pixels as it writes, and takes colours apart as it reads.
public final class Hdf5Throughput {
    private static final int SIZE = 256;
    private static final int ROUNDS = 4;

    private Hdf5Throughput() {}

    /// @param arguments the number of pairs (400 where it is missing)
    public static void main(String[] arguments) throws IOException {
        int pairs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 400;
        Path folder = Files.createTempDirectory("terrachange-bench");
        try {
            List<RgbImage> images = images(pairs + 1);
            RetrievalFiles files = RetrievalFiles.of(folder, folder, "bench", "train");
            double write = Double.POSITIVE_INFINITY;
            double read = Double.POSITIVE_INFINITY;
            for (int round = 0; round < ROUNDS; round++) {
                write = Math.min(write, secondsToWrite(files, images));
                read = Math.min(read, secondsToRead(files));
            }
            Map<String, Double> peer = PythonPeer.figures(
                    "hdf5_pairs.py",
                    files.images().toString(),
                    folder.resolve("peer.h5").toString());
            System.out.println("| pairs of 256 x 256 pixels, HDF5 | pairs/s | h5py pairs/s | ratio |");
            System.out.println("|---|---|---|---|");
            row("write", pairs / write, pairs / peer.getOrDefault("write", Double.NaN));
            row("read", pairs / read, pairs / peer.getOrDefault("read", Double.NaN));
        } finally {
            try (Stream<Path> found = Files.walk(folder)) {
                for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void row(String what, double own, double peer) {
        System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f | %.2f |%n", what, own, peer, own / peer);
    }

    private static List<RgbImage> images(int count) {
        List<RgbImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            PixelBlock block = SyntheticScene.rows(SIZE, i * SIZE, SIZE);
            byte[] planes = new byte[3 * SIZE * SIZE];
            for (int band = 0; band < 3; band++) {
                System.arraycopy(block.bytes(band), 0, planes, band * SIZE * SIZE, SIZE * SIZE);
            }
            images.add(new RgbImage(SIZE, SIZE, planes));
        }
        return images;
    }

    private static double secondsToWrite(RetrievalFiles files, List<RgbImage> images) throws IOException {
        long start = System.nanoTime();
        try (RetrievalWriter writer = RetrievalWriter.create(files, "bench", "train", SIZE, SIZE)) {
            for (int i = 0; i + 1 < images.size(); i++) {
                CaptionedSample sample =
                        new CaptionedSample("pair" + i, "scene" + i, true, List.of("a house was built"));
                writer.append(sample, images.get(i), images.get(i + 1));
            }
            writer.finish();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double secondsToRead(RetrievalFiles files) throws IOException {
        long start = System.nanoTime();
        try (RetrievalSet set = RetrievalSet.open(files)) {
            for (int i = 0; i < set.size(); i++) {
                set.before(i);
                set.after(i);
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
