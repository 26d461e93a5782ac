package org.terrachange.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.terrachange.data.augment.Augmentation;
import org.terrachange.data.views.Positives;
import org.terrachange.data.views.ViewSettings;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.pretrain.Pretrainer;
import org.terrachange.detect.pretrain.PretrainingListener;
import org.terrachange.detect.pretrain.PretrainingPlan;
import org.terrachange.detect.pretrain.PretrainingPoint;
import org.terrachange.detect.train.Trainer;
import org.terrachange.detect.train.TrainingListener;
import org.terrachange.detect.train.TrainingPlan;
import org.terrachange.detect.train.TrainingPlan.Split;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.optim.OptimizerChoice;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.image.PngWriter;

/// Takes the time of training steps, pretraining (64 views of 224 pixels, ResNet-50) and fine-tuning (8 pairs
/// of 256 pixels, `terrachange-r50`), as the commands make them, loader included, beside the same steps written
/// in plain PyTorch on data that lies in memory already, where Debian's `python3-torch` is installed. Of
/// several steps the median counts.
public final class TrainingThroughput {
    private static final int STEPS = 5;
    private static final int WARMUP = 2;
    private static final int VIEWS = 64;
    private static final int PAIRS = 8;

    private TrainingThroughput() {}

    /// @param arguments none
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("terrachange-bench");
        try {
            write(folder.resolve("data"));
            Map<String, Double> peer =
                    PythonPeer.figures("training_steps.py", Integer.toString(STEPS), Integer.toString(WARMUP));
            System.out.println("| step | precision | s | images/s | waiting for data | PyTorch s | ratio |");
            System.out.println("|---|---|---|---|---|---|---|");
            for (String precision : List.of("fp32", "bf16")) {
                ComputeMode mode = ComputeMode.parse("cpu", precision);
                print(
                        "pretraining, 64 views of 224 px",
                        "pretrain " + precision,
                        pretraining(folder, mode),
                        VIEWS,
                        peer);
                print(
                        "fine-tuning, 8 pairs of 256 px",
                        "finetune " + precision,
                        training(folder, mode),
                        2 * PAIRS,
                        peer);
            }
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /// @param seconds of a step
    /// @param waited share of the time that the network waited for data
    private record Measured(double seconds, double waited) {}

    private static void print(String step, String key, Measured own, int images, Map<String, Double> peer) {
        Double other = peer.get(key);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.3f | %.1f | %.2f %% | %s | %s |%n",
                step,
                key.substring(key.length() - 4),
                own.seconds,
                images / own.seconds,
                100 * own.waited,
                other == null ? "-" : String.format(Locale.ROOT, "%.3f", other),
                other == null ? "-" : String.format(Locale.ROOT, "%.2f", other / own.seconds));
    }

    /// Synthetic pairs of 512 pixels in the layout of LEVIR-CD.
    private static void write(Path data) throws IOException {
        int size = 512;
        for (String split : List.of("train", "val")) {
            for (int n = 0; n < (split.equals("train") ? 12 : 1); n++) {
                for (String part : List.of("A", "B", "label")) {
                    int row = 4096 * n + (part.equals("B") ? 700 : 0);
                    PixelBlock pixels = SyntheticScene.rows(size, row, size);
                    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
                    for (int i = 0; i < size * size; i++) {
                        int rgb = 0;
                        for (int band = 0; band < 3; band++) {
                            rgb = rgb << 8 | pixels.bytes(band)[i] & 0xff;
                        }
                        boolean label = part.equals("label");
                        image.setRGB(i % size, i / size, label ? (i % size < 40 ? 0xffffff : 0) : rgb);
                    }
                    Path file = data.resolve(split).resolve(part).resolve(n + ".png");
                    Files.createDirectories(file.getParent());
                    PngWriter.write(file, image);
                }
            }
        }
    }

    private static Measured pretraining(Path folder, ComputeMode mode) throws IOException, InterruptedException {
        Clock clock = new Clock();
        int things = VIEWS / 2;
        PretrainingPlan plan = new PretrainingPlan(
                ResNet.Depth.RESNET50,
                ImageNormalization.IMAGENET,
                List.of(folder.resolve("data/train")),
                Positives.VIEWS,
                ViewSettings.published(224),
                0,
                things,
                things,
                0.2,
                OptimizerChoice.ADAMW,
                1e-3,
                1e-4,
                0.1,
                (long) STEPS * things,
                (long) STEPS * things,
                Optional.empty(),
                mode,
                1);
        PretrainingPoint last = new Pretrainer(
                        plan, folder.resolve("pretrain-" + mode.precision().label()), new PretrainingListener() {
                            @Override
                            public void step(long step, long steps, double loss) {
                                clock.tick();
                            }

                            @Override
                            public void epoch(PretrainingPoint point) {
                                // The last one is what run returns.
                            }
                        })
                .run()
                .orElseThrow();
        return new Measured(clock.median(), last.waitedShare());
    }

    private static Measured training(Path folder, ComputeMode mode) throws IOException, InterruptedException {
        Clock clock = new Clock();
        double[] waited = new double[1];
        Path data = folder.resolve("data");
        TrainingPlan plan = new TrainingPlan(
                "bench",
                ChangeLayout.TERRACHANGE_R50,
                ImageNormalization.IMAGENET,
                TrainingPlan.Start.random(),
                List.of(new Split(data, "train")),
                List.of(new Split(data, "val")),
                "synthetic",
                "none",
                0.5,
                1,
                Augmentation.standard(),
                256,
                PAIRS,
                (long) STEPS * PAIRS,
                (long) STEPS * PAIRS,
                1e-3,
                0.1,
                OptimizerChoice.ADAMW,
                0.01,
                0.99,
                5,
                mode,
                1);
        new Trainer(plan, folder.resolve("train-" + mode.precision().label()), new TrainingListener() {
                    @Override
                    public void step(long step, long steps, double loss, double learningRate) {
                        clock.tick();
                    }

                    @Override
                    public void epoch(long step, Confusion validation, double threshold, double waitedShare) {
                        waited[0] = waitedShare;
                    }
                })
                .run();
        return new Measured(clock.median(), waited[0]);
    }

    /// The ends of steps.
    private static final class Clock {
        private final List<Long> ticks = new ArrayList<>();

        void tick() {
            ticks.add(System.nanoTime());
        }

        double median() {
            double[] seconds = new double[ticks.size() - WARMUP];
            for (int i = 0; i < seconds.length; i++) {
                seconds[i] = (ticks.get(WARMUP + i) - ticks.get(WARMUP + i - 1)) / 1e9;
            }
            java.util.Arrays.sort(seconds);
            return seconds[seconds.length / 2];
        }
    }
}
