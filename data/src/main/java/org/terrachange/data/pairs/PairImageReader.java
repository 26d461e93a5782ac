package org.terrachange.data.pairs;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/// Reads the pixels of labelled pairs.
public final class PairImageReader {
    private PairImageReader() {}

    public static PairImages read(LabelledPair pair) throws IOException {
        BufferedImage a = ImageIO.read(pair.before().toFile());
        BufferedImage b = ImageIO.read(pair.after().toFile());
        BufferedImage l = ImageIO.read(pair.label().toFile());
        int w = a.getWidth();
        int h = a.getHeight();
        byte[] mask = new byte[w * h];
        int max = 0;
        int[] row = new int[w * h];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                row[y * w + x] = l.getRaster().getSample(x, y, 0);
                max = Math.max(max, row[y * w + x]);
            }
        }
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (row[i] >= (max == 1 ? 1 : 128) ? 1 : 0);
        }
        return new PairImages(w, h, planar(a, pair.before()), planar(b, pair.after()), mask);
    }

    private static byte[] planar(BufferedImage image, Path file) throws DatasetException {
        int w = image.getWidth();
        int h = image.getHeight();
        int[] rgb = image.getRGB(0, 0, w, h, null, 0, w);
        byte[] out = new byte[3 * w * h];
        for (int i = 0; i < rgb.length; i++) {
            out[i] = (byte) (rgb[i] >> 16);
            out[i + rgb.length] = (byte) (rgb[i] >> 8);
            out[i + 2 * rgb.length] = (byte) rgb[i];
        }
        return out;
    }
}
