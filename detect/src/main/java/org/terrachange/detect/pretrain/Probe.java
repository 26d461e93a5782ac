package org.terrachange.detect.pretrain;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.pairs.LabelledPair;
import org.terrachange.data.pairs.PairFolder;
import org.terrachange.data.pairs.PairImageReader;
import org.terrachange.data.pairs.PairImages;
import org.terrachange.detect.train.TrainingPlan.Split;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.model.SimClrNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.ImageNormalization;

/// Measures what a frozen encoder knows: whether simple rules can tell from its features of both dates, `|f1 -
/// f2|`, if a crop shows a change. The rules learn on crops of one set of pairs and are scored on those of
/// another.
public final class Probe {
    /// A crop has changed if this share of its pixels has.
    private static final double CHANGED = 0.02;

    private static final int CROPS = 600;
    private static final int NEIGHBOURS = 20;
    private static final int CROPS_AT_A_TIME = 20;

    private final List<Example> train;
    private final List<Example> validation;
    private final int size;
    private final ImageNormalization normalization;
    private final ComputeMode mode;

    /// The labelled pairs of a probe.
    ///
    /// @param train what the rules learn on
    /// @param validation what they are scored on
    public record Sets(Split train, Split validation) {}

    /// Balanced accuracy, the mean over both answers, so that 0.5 is chance.
    ///
    /// @param neighbours of a vote among the 20 nearest crops by cosine similarity
    /// @param linear of logistic regression
    record Scores(double neighbours, double linear) {}

    private record Example(byte[] before, byte[] after, boolean changed) {}

    /// @param size width and height of the crops
    /// @throws DatasetException if no pair of a split is as large as a crop
    Probe(Sets sets, int size, ImageNormalization normalization, ComputeMode mode) throws IOException {
        this.size = size;
        this.normalization = normalization;
        this.mode = mode;
        train = examples(sets.train(), 1);
        validation = examples(sets.validation(), 2);
    }

    /// Crops at fixed random places.
    private List<Example> examples(Split split, long seed) throws IOException {
        List<LabelledPair> pairs = PairFolder.read(split.folder(), split.split());
        SplittableRandom random = new SplittableRandom(seed);
        List<Example> examples = new ArrayList<>();
        int perPair = Math.max(1, Math.ceilDiv(CROPS, pairs.size()));
        for (LabelledPair pair : pairs) {
            if (examples.size() >= CROPS) {
                break;
            }
            PairImages images = PairImageReader.read(pair);
            if (images.width() < size || images.height() < size) {
                continue;
            }
            for (int i = 0; i < perPair; i++) {
                int x = random.nextInt(images.width() - size + 1);
                int y = random.nextInt(images.height() - size + 1);
                byte[] change = crop(images.change(), 1, images, x, y);
                int changed = 0;
                for (byte pixel : change) {
                    changed += pixel;
                }
                examples.add(new Example(
                        crop(images.before(), 3, images, x, y),
                        crop(images.after(), 3, images, x, y),
                        changed >= CHANGED * size * size));
            }
        }
        if (examples.isEmpty()) {
            throw new DatasetException(
                    split.folder(),
                    "has no pair of at least " + size + "x" + size + " pixels in split " + split.split()
                            + " to probe the encoder on; choose smaller views or other pairs");
        }
        return examples;
    }

    private byte[] crop(byte[] image, int bands, PairImages of, int x, int y) {
        byte[] crop = new byte[bands * size * size];
        for (int band = 0; band < bands; band++) {
            for (int row = 0; row < size; row++) {
                System.arraycopy(
                        image, (band * of.height() + y + row) * of.width() + x, crop, (band * size + row) * size, size);
            }
        }
        return crop;
    }

    /// The scores of an encoder as it is now.
    Scores score(SimClrNetwork network) {
        float[][] known = features(train, network);
        float[][] asked = features(validation, network);
        LinearProbe linear = LinearProbe.fit(known, answers(train));
        boolean[] truth = answers(validation);
        boolean[] nearest = new boolean[truth.length];
        boolean[] straight = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            nearest[i] = vote(known, asked[i]);
            straight[i] = linear.tells(asked[i]);
        }
        return new Scores(balancedAccuracy(nearest, truth), balancedAccuracy(straight, truth));
    }

    private static boolean[] answers(List<Example> examples) {
        boolean[] answers = new boolean[examples.size()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = examples.get(i).changed;
        }
        return answers;
    }

    /// One row of features an example, of length 1.
    private float[][] features(List<Example> examples, SimClrNetwork network) {
        float[][] rows = new float[examples.size()][];
        for (int start = 0; start < rows.length; start += CROPS_AT_A_TIME) {
            int count = Math.min(CROPS_AT_A_TIME, rows.length - start);
            int length = 3 * size * size;
            byte[] both = new byte[2 * count * length];
            for (int i = 0; i < count; i++) {
                System.arraycopy(examples.get(start + i).before, 0, both, i * length, length);
                System.arraycopy(examples.get(start + i).after, 0, both, (count + i) * length, length);
            }
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                Tensor f = network.features(normalization.apply(both, 2 * count, size, size, mode), Mode.INFERENCE);
                float[] values = HostCopies.toHost(f).toFloats();
                int width = values.length / (2 * count);
                for (int i = 0; i < count; i++) {
                    float[] row = new float[width];
                    double sum = 0;
                    for (int j = 0; j < width; j++) {
                        row[j] = Math.abs(values[i * width + j] - values[(count + i) * width + j]);
                        sum += row[j] * row[j];
                    }
                    float scale = (float) (1 / Math.max(1e-12, Math.sqrt(sum)));
                    for (int j = 0; j < width; j++) {
                        row[j] *= scale;
                    }
                    rows[start + i] = row;
                }
            }
        }
        return rows;
    }

    /// The answer of the nearest known crops, those of the rarer answer counting as much more as they are rarer.
    private boolean vote(float[][] known, float[] asked) {
        double[] similarity = new double[known.length];
        for (int i = 0; i < known.length; i++) {
            for (int j = 0; j < asked.length; j++) {
                similarity[i] += known[i][j] * asked[j];
            }
        }
        double[] sorted = similarity.clone();
        java.util.Arrays.sort(sorted);
        double least = sorted[Math.max(0, sorted.length - NEIGHBOURS)];
        long yes = train.stream().filter(Example::changed).count();
        double balance = 0;
        for (int i = 0; i < known.length; i++) {
            if (similarity[i] >= least) {
                balance += train.get(i).changed ? 1.0 / Math.max(1, yes) : -1.0 / Math.max(1, known.length - yes);
            }
        }
        return balance > 0;
    }

    private static double balancedAccuracy(boolean[] answers, boolean[] truth) {
        int[] right = new int[2];
        int[] all = new int[2];
        for (int i = 0; i < truth.length; i++) {
            int side = truth[i] ? 1 : 0;
            all[side]++;
            right[side] += answers[i] == truth[i] ? 1 : 0;
        }
        return 0.5 * ((double) right[0] / Math.max(1, all[0]) + (double) right[1] / Math.max(1, all[1]));
    }
}
