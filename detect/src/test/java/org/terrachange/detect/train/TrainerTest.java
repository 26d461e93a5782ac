package org.terrachange.detect.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.data.augment.Augmentation;
import org.terrachange.detect.Together;
import org.terrachange.detect.evaluate.Confusion;
import org.terrachange.detect.model.Calibration;
import org.terrachange.detect.model.EncoderWeights;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.model.SimClrNetwork;
import org.terrachange.nn.optim.OptimizerChoice;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.training.DivergedException;

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
        return plan(samples, rate, TrainingPlan.Start.random());
    }

    private TrainingPlan plan(long samples, double rate, TrainingPlan.Start start) {
        return plan(samples, rate, start, OptimizerChoice.ADAMW);
    }

    private TrainingPlan plan(long samples, double rate, TrainingPlan.Start start, OptimizerChoice optimizer) {
        Path data = folder.resolve("data");
        return new TrainingPlan(
                "test",
                ChangeLayout.TERRACHANGE_LITE,
                ImageNormalization.IMAGENET,
                start,
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
                optimizer,
                0.01,
                0.9,
                1,
                ComputeMode.REFERENCE,
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
        public void epoch(long step, Confusion validation, double threshold, double waitedShare) {
            // Only steps matter here.
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = OptimizerChoice.class,
            names = {"ADAMW", "MUON"})
    void aRunCutOffInTheMiddleOfAnEpochEndsWithTheSameWeights(OptimizerChoice optimizer) throws Exception {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        TrainingPlan plan = plan(32, 1e-3, TrainingPlan.Start.random(), optimizer);
        new Trainer(plan, whole, new Recorder(-1)).run();
        assertThatThrownBy(() -> new Trainer(plan, broken, new Recorder(5)).run())
                .hasMessage("killed");
        new Trainer(plan, broken, new Recorder(-1)).run();
        for (String file : List.of("last.safetensors", "best.safetensors", "state.safetensors")) {
            assertThat(Files.mismatch(whole.resolve(file), broken.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        assertThat(Files.readAllLines(broken.resolve("metrics.jsonl"))).hasSize(4);
    }

    @Test
    void twoProcessesTrainAsOneWithTheWholeBatch() throws Exception {
        TrainingPlan plan = plan(24, Together.GENTLE);
        Path alone = folder.resolve("alone");
        Path together = folder.resolve("together");
        Recorder single = new Recorder(-1);
        new Trainer(plan, alone, single).run();

        List<List<Double>> losses = Together.run(2, group -> {
            Recorder recorder = new Recorder(-1);
            Optional<ModelCard> card = new Trainer(plan, together, new Trainer.Team(group, true), recorder).run();
            assertThat(card.isPresent()).isEqualTo(group.first());
            return recorder.losses;
        });

        assertThat(losses.getLast()).isEqualTo(losses.getFirst());
        assertThat(losses.getFirst()).hasSameSizeAs(single.losses);
        for (int i = 0; i < single.losses.size(); i++) {
            assertThat(losses.getFirst().get(i)).isCloseTo(single.losses.get(i), within(1e-4));
        }
        Together.assertClose(alone.resolve("last.safetensors"), together.resolve("last.safetensors"), Together.GENTLE);
    }

    @Test
    void aRunOfTwoProcessesGoesOnInOne() throws Exception {
        TrainingPlan plan = plan(24, Together.GENTLE);
        Path alone = folder.resolve("alone");
        Path broken = folder.resolve("broken");
        new Trainer(plan, alone, new Recorder(-1)).run();
        // Both at the same step: what becomes of the others where one ends is tested with processes.
        assertThatThrownBy(() -> Together.run(
                        2, group -> new Trainer(plan, broken, new Trainer.Team(group, true), new Recorder(4)).run()))
                .hasMessage("killed");
        new Trainer(plan, broken, new Recorder(-1)).run();

        Together.assertClose(alone.resolve("last.safetensors"), broken.resolve("last.safetensors"), Together.GENTLE);
    }

    @Test
    void aBatchThatCannotBeSharedIsRefused() {
        assertThatThrownBy(() -> Together.run(
                        3,
                        group -> new Trainer(
                                        plan(24, 1e-3),
                                        folder.resolve("run"),
                                        new Trainer.Team(group, true),
                                        new Recorder(-1))
                                .run()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 3");
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

    /// The tensors of the encoder in a stored detector.
    private static Map<String, float[]> encoder(Path file) throws IOException {
        Map<String, float[]> tensors = new TreeMap<>();
        try (StateDict state = SafetensorsFile.read(file)) {
            for (String name : state.tensors().keySet()) {
                if (name.startsWith("encoder.")) {
                    tensors.put(name, state.toFloats(name));
                }
            }
        }
        return tensors;
    }

    private Path pretrained() throws IOException {
        Path file = folder.resolve("encoder.safetensors");
        try (Parameters parameters = new Parameters()) {
            new SimClrNetwork(ResNet.Depth.RESNET18, parameters);
            parameters.allocate(77);
            EncoderWeights.write(file, parameters, ResNet.Depth.RESNET18, ImageNormalization.NONE, "a test", 1);
        }
        return file;
    }

    @Test
    void aFrozenEncoderStaysAsItWasPretrainedStatisticsIncluded() throws Exception {
        Path encoder = pretrained();
        assertThat(EncoderWeights.normalization(encoder)).contains(ImageNormalization.NONE);
        TrainingPlan.Start frozen = new TrainingPlan.Start(Optional.empty(), Optional.of(encoder), true, 1);
        new Trainer(plan(16, 1e-3, frozen), folder.resolve("run"), new Recorder(-1)).run();
        Map<String, float[]> after = encoder(folder.resolve("run/last.safetensors"));
        assertThat(after).isNotEmpty();
        try (StateDict before = SafetensorsFile.read(encoder)) {
            for (Map.Entry<String, float[]> tensor : after.entrySet()) {
                assertThat(tensor.getValue())
                        .as(tensor.getKey())
                        .isEqualTo(before.toFloats(tensor.getKey().substring("encoder.".length())));
            }
        }
    }

    @Test
    void aPretrainedEncoderThatIsNotFrozenLearnsOn() throws Exception {
        Path encoder = pretrained();
        TrainingPlan.Start start = new TrainingPlan.Start(Optional.empty(), Optional.of(encoder), false, 0.7);
        new Trainer(plan(16, 1e-3, start), folder.resolve("run"), new Recorder(-1)).run();
        String name = "encoder.layer1.0.conv1.weight";
        float[] after = Objects.requireNonNull(
                encoder(folder.resolve("run/last.safetensors")).get(name));
        try (StateDict before = SafetensorsFile.read(encoder)) {
            float[] then = before.toFloats("layer1.0.conv1.weight");
            assertThat(after).isNotEqualTo(then);
            double moved = 0;
            double length = 0;
            for (int i = 0; i < then.length; i++) {
                moved += Math.pow(after[i] - then[i], 2);
                length += Math.pow(then[i], 2);
            }
            assertThat(moved).isLessThan(0.1 * length);
        }
    }

    @Test
    void anEncoderOfAnotherDepthIsRefused() throws Exception {
        Path encoder = folder.resolve("deep.safetensors");
        try (Parameters parameters = new Parameters()) {
            new SimClrNetwork(ResNet.Depth.RESNET50, parameters);
            parameters.allocate(1);
            EncoderWeights.write(encoder, parameters, ResNet.Depth.RESNET50, ImageNormalization.NONE, "a test", 1);
        }
        TrainingPlan.Start start = new TrainingPlan.Start(Optional.empty(), Optional.of(encoder), false, 1);
        assertThatThrownBy(() -> new Trainer(plan(8, 1e-3, start), folder.resolve("run"), new Recorder(-1)).run())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("does not fit");
    }

    @Test
    void stagesNearTheImageLearnMoreSlowly() {
        List<String> names = List.of(
                "up3.0.weight",
                "encoder.layer4.0.conv1.weight",
                "encoder.layer3.0.conv1.weight",
                "encoder.layer1.2.bn3.bias",
                "encoder.conv1.weight");

        LayerRates whole = LayerRates.of(names, 0.5);
        assertThat(names.stream().map(whole::share)).containsExactly(1.0, 0.5, 0.25, 0.0625, 0.03125);

        List<String> lite =
                names.stream().filter(name -> !name.contains("layer4")).toList();
        LayerRates withoutLastStage = LayerRates.of(lite, 0.5);
        assertThat(lite.stream().map(withoutLastStage::share)).containsExactly(1.0, 0.5, 0.125, 0.0625);
    }

    @Test
    void aRunThatDivergesEndsWithWordsAndWithoutWeights() {
        assertThatThrownBy(() -> new Trainer(plan(32, 1e30), folder.resolve("run"), new Recorder(-1)).run())
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("lower --lr");
        assertThat(folder.resolve("run/best.safetensors")).doesNotExist();
    }

    @Test
    void theCardStatesThresholdAndCalibrationOfTheBestWeights() throws Exception {
        ModelCard card = new Trainer(plan(32, 1e-3), folder.resolve("run"), new Recorder(-1))
                .run()
                .orElseThrow();
        assertThat(card.threshold()).isBetween(0.0, 1.0);
        assertThat(card.calibration()).isNotEqualTo(Calibration.NONE);
        assertThat(card.metrics()).containsKey("val.calibration_error");
        assertThat(folder.resolve("run/reliability.png")).isNotEmptyFile();
    }

    @Test
    void numbersThatMakeNoRunAreRefusedBeforeItBegins() {
        assertThatThrownBy(() -> plan(8, 0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> withGsd(plan(8, 1e-3), 2, 1)).hasMessageContaining("2.0 to 1.0");
    }

    private static TrainingPlan withGsd(TrainingPlan plan, double finest, double coarsest) {
        return new TrainingPlan(
                plan.name(),
                plan.layout(),
                plan.normalization(),
                plan.start(),
                plan.train(),
                plan.validation(),
                plan.trainingData(),
                plan.licence(),
                finest,
                coarsest,
                plan.augmentation(),
                plan.cropSize(),
                plan.batchSize(),
                plan.samples(),
                plan.samplesPerEpoch(),
                plan.learningRate(),
                plan.warmupShare(),
                plan.optimizer(),
                plan.weightDecay(),
                plan.averageDecay(),
                plan.gradientLimit(),
                plan.mode(),
                plan.seed());
    }

    @Test
    void validationImagesMayHaveAnySize() throws Exception {
        for (String part : List.of("A", "B", "label")) {
            Path file = folder.resolve("data/val/" + part + "/0.png");
            BufferedImage whole = ImageIO.read(file.toFile());
            ImageIO.write(whole.getSubimage(0, 0, 61, 47), "png", file.toFile());
        }

        Optional<ModelCard> card = new Trainer(plan(8, 1e-3), folder.resolve("odd"), new Recorder(-1)).run();

        assertThat(card).isPresent();
    }
}
