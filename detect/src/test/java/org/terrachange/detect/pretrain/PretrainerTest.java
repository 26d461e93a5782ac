package org.terrachange.detect.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.data.views.Positives;
import org.terrachange.data.views.ViewSettings;
import org.terrachange.detect.Together;
import org.terrachange.detect.train.TrainingPlan.Split;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.optim.OptimizerChoice;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.raster.image.PngWriter;

class PretrainerTest {
    @TempDir
    Path folder;

    private double rate = 1e-3;

    /// Pairs of coloured noise in the layout of LEVIR-CD; a white square in every second later image.
    @BeforeEach
    void writeDataset() throws IOException {
        Random random = new Random(8);
        for (String split : List.of("train", "val")) {
            for (int n = 0; n < 8; n++) {
                int colour = random.nextInt(0x1000000);
                for (String part : List.of("A", "B", "label")) {
                    BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
                    for (int i = 0; i < 64 * 64; i++) {
                        boolean square = n % 2 == 0 && i % 64 < 40 && i / 64 < 40;
                        int ground = part.equals("label") ? 0 : colour & ~(0x0f0f0f & random.nextInt());
                        picture.setRGB(i % 64, i / 64, square && !part.equals("A") ? 0xffffff : ground);
                    }
                    Path file =
                            folder.resolve("data").resolve(split).resolve(part).resolve(n + ".png");
                    Files.createDirectories(file.getParent());
                    PngWriter.write(file, picture);
                }
            }
        }
    }

    private PretrainingPlan plan(int part, long samples, boolean probed) {
        return plan(part, samples, probed, 32);
    }

    private PretrainingPlan plan(int part, long samples, boolean probed, int size) {
        Path data = folder.resolve("data");
        return new PretrainingPlan(
                ResNet.Depth.RESNET18,
                ImageNormalization.IMAGENET,
                List.of(data.resolve("train")),
                Positives.VIEWS,
                new ViewSettings(size, 0.3, 1, 0.5, 0.2, 0.5),
                0,
                8,
                part,
                0.2,
                OptimizerChoice.ADAMW,
                rate,
                1e-4,
                0.1,
                samples,
                16,
                probed
                        ? Optional.of(new Probe.Sets(new Split(data, "train"), new Split(data, "val")))
                        : Optional.empty(),
                ComputeMode.REFERENCE,
                5);
    }

    /// Records the losses, and fails after a given step as a process would that is killed.
    private static final class Recorder implements PretrainingListener {
        private final List<Double> losses = new ArrayList<>();
        private final long dieAfter;

        Recorder(long dieAfter) {
            this.dieAfter = dieAfter;
        }

        @Override
        public void step(long step, long steps, double loss) {
            losses.add(loss);
            if (step == dieAfter) {
                throw new IllegalStateException("killed");
            }
        }

        @Override
        public void epoch(PretrainingPoint point) {
            // Only steps matter here.
        }
    }

    @Test
    void aRunCutOffInTheMiddleOfAnEpochEndsWithTheSameEncoder() throws Exception {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        new Pretrainer(plan(4, 32, true), whole, new Recorder(-1)).run();
        assertThatThrownBy(() -> new Pretrainer(plan(4, 32, true), broken, new Recorder(3)).run())
                .hasMessage("killed");
        PretrainingPoint last = new Pretrainer(plan(4, 32, true), broken, new Recorder(-1))
                .run()
                .orElseThrow();
        assertThat(last.linear()).isBetween(0.0, 1.0);
        assertThat(last.neighbours()).isBetween(0.0, 1.0);
        for (String file : List.of("encoder.safetensors", "state.safetensors")) {
            assertThat(Files.mismatch(whole.resolve(file), broken.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        assertThat(Files.readAllLines(broken.resolve("metrics.jsonl"))).hasSize(2);
        assertThat(broken.resolve("curves.png")).isNotEmptyFile();
    }

    @Test
    void twoProcessesPretrainAsOneWithTheWholeBatch() throws Exception {
        rate = 0.1 * Together.GENTLE;
        for (int part : new int[] {8, 4}) {
            // Two steps: the last stage sees a single place of so small a view, and a normalisation over eight values
            // multiplies rounding with every further one.
            PretrainingPlan plan = plan(part, 16, false);
            Path alone = folder.resolve("alone" + part);
            Path together = folder.resolve("together" + part);
            Recorder single = new Recorder(-1);
            new Pretrainer(plan, alone, single).run();

            List<List<Double>> losses = Together.run(2, group -> {
                Recorder recorder = new Recorder(-1);
                new Pretrainer(plan, together, group, recorder).run();
                return recorder.losses;
            });

            for (int i = 0; i < single.losses.size(); i++) {
                assertThat(losses.getFirst().get(i)).isCloseTo(single.losses.get(i), within(1e-4));
            }
            Together.assertClose(alone.resolve("encoder.safetensors"), together.resolve("encoder.safetensors"), rate);
        }
    }

    @Test
    void theLossFallsAndTheEncoderCarriesItsNormalisation() throws Exception {
        Recorder recorder = new Recorder(-1);
        new Pretrainer(plan(8, 320, false), folder.resolve("run"), recorder).run();
        double start = recorder.losses.subList(0, 5).stream()
                .mapToDouble(x -> x)
                .average()
                .orElseThrow();
        double end = recorder.losses.subList(35, 40).stream()
                .mapToDouble(x -> x)
                .average()
                .orElseThrow();
        assertThat(end).isLessThan(0.95 * start);
        try (StateDict encoder = SafetensorsFile.read(folder.resolve("run/encoder.safetensors"))) {
            assertThat(encoder.metadata()).containsEntry("mean", "0.485,0.456,0.406");
            assertThat(encoder.tensors())
                    .containsKey("layer4.1.bn2.running_var")
                    .doesNotContainKey("head.0.weight");
        }
    }

    @Test
    void aStateOfOtherSettingsIsNotContinued() throws Exception {
        Path run = folder.resolve("run");
        new Pretrainer(plan(8, 16, false), run, new Recorder(-1)).run();
        assertThatThrownBy(() -> new Pretrainer(plan(4, 16, false), run, new Recorder(-1)).run())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("other settings");
    }

    @Test
    void pairsTooSmallForTheProbeAreRefusedBeforeTrainingBegins() {
        Recorder recorder = new Recorder(-1);
        assertThatThrownBy(() -> new Pretrainer(plan(8, 16, true, 96), folder.resolve("run"), recorder).run())
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("at least 96x96 pixels");
        assertThat(recorder.losses).isEmpty();
    }
}
