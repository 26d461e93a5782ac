package org.terrachange.detect.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.augment.Augmentation;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Precision;

class TrainerTest {
    @TempDir
    Path folder;

    /// Grey noise; in the second date bright squares appear where the mask says so.
    @BeforeEach
    void writeDataset() throws IOException {
        Random random = new Random(4);
        for (String split : List.of("train", "val")) {
            for (String part : List.of("A", "B", "label")) {
                Files.createDirectories(folder.resolve("data").resolve(split).resolve(part));
            }
            for (int n = 0; n < 3; n++) {
                int left = random.nextInt(40);
                int top = random.nextInt(40);
                for (String part : List.of("A", "B", "label")) {
                    BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
                    for (int y = 0; y < 64; y++) {
                        for (int x = 0; x < 64; x++) {
                            boolean square = x >= left && x < left + 20 && y >= top && y < top + 20;
                            int grey = part.equals("label") ? (square ? 255 : 0) : 60 + random.nextInt(30);
                            if (part.equals("B") && square) {
                                grey += 120;
                            }
                            picture.setRGB(x, y, grey * 0x010101);
                        }
                    }
                    ImageIO.write(
                            picture,
                            "png",
                            folder.resolve("data/" + split + "/" + part + "/" + n + ".png")
                                    .toFile());
                }
            }
        }
    }

    private TrainingPlan plan(long samples, double rate) {
        Path data = folder.resolve("data");
        return new TrainingPlan(
                "test",
                ChangeLayout.TERRACHANGE_LITE,
                ImageNormalization.IMAGENET,
                Optional.empty(),
                List.of(new TrainingPlan.Split(data, "train")),
                List.of(new TrainingPlan.Split(data, "val")),
                "squares",
                "test",
                0.5,
                1,
                Augmentation.standard(),
                32,
                4,
                samples,
                8,
                rate,
                0.1,
                0.01,
                0.9,
                1,
                Precision.FP32,
                9);
    }

    /// Records the losses, and fails after a given step as a process would that is killed.
    private static final class Recorder implements TrainingListener {
        private final List<Double> losses = new ArrayList<>();
        private final long dieAfter;

        Recorder(long dieAfter) {
            this.dieAfter = dieAfter;
        }

        @Override
        public void step(long step, long steps, double loss, double learningRate) {
            losses.add(loss);
            if (step == dieAfter) {
                throw new IllegalStateException("killed");
            }
        }

        @Override
        public void epoch(long step, Confusion validation, double threshold) {
            // Only steps matter here.
        }
    }

    @Test
    void aRunCutOffInTheMiddleOfAnEpochEndsWithTheSameWeights() throws Exception {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        new Trainer(plan(32, 1e-3), whole, new Recorder(-1)).run();
        assertThatThrownBy(() -> new Trainer(plan(32, 1e-3), broken, new Recorder(5)).run())
                .hasMessage("killed");
        new Trainer(plan(32, 1e-3), broken, new Recorder(-1)).run();
        for (String file : List.of("last.safetensors", "best.safetensors", "state.safetensors")) {
            assertThat(Files.mismatch(whole.resolve(file), broken.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        assertThat(Files.readAllLines(broken.resolve("metrics.jsonl"))).hasSize(4);
    }

    @Test
    void theLossFalls() throws Exception {
        Recorder recorder = new Recorder(-1);
        new Trainer(plan(160, 2e-3), folder.resolve("run"), recorder).run();
        List<Double> losses = recorder.losses;
        double start =
                losses.subList(0, 5).stream().mapToDouble(x -> x).average().orElseThrow();
        double end =
                losses.subList(35, 40).stream().mapToDouble(x -> x).average().orElseThrow();
        assertThat(end).isLessThan(0.6 * start);
    }

    @Test
    void aStateOfOtherSettingsIsNotContinued() throws Exception {
        Path run = folder.resolve("run");
        new Trainer(plan(8, 1e-3), run, new Recorder(-1)).run();
        assertThatThrownBy(() -> new Trainer(plan(8, 2e-3), run, new Recorder(-1)).run())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("other settings");
    }
}
