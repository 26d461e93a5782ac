package org.terrachange.search.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.model.SearchModel;

class RetrievalTrainerTest {
    private static final FrozenParts TRUNK = new FrozenParts(0, false, true, false);

    @TempDir
    private Path folder;

    private Path data;
    private double rate = 5e-3;

    @BeforeEach
    void writePairs() throws IOException {
        data = folder.resolve("data");
        ColouredPairs.write(data, "train", 24, 1);
        ColouredPairs.write(data, "val", 12, 2);
    }

    private static SearchArchitecture resNet(int grid, int textWidth) {
        return new SearchArchitecture.ResNetClip(
                ResNet.Depth.RESNET18,
                1,
                32,
                grid,
                16,
                new ClipConfiguration.Text(77, ClipTokenizer.VOCABULARY, textWidth, 1, 1));
    }

    private static SearchArchitecture transformer(Activation activation) {
        return new SearchArchitecture.Clip(new ClipConfiguration(
                "tiny",
                16,
                new ClipConfiguration.PatchTransformer(32, 16, 16, 1, 1),
                new ClipConfiguration.Text(77, ClipTokenizer.VOCABULARY, 16, 1, 1),
                activation));
    }

    private RetrievalPlan plan(ChangeStrategy strategy, FrozenParts frozen, int colourings, int epochs) {
        return plan(resNet(4, 16), strategy, frozen, colourings, epochs);
    }

    private RetrievalPlan plan(
            SearchArchitecture architecture, ChangeStrategy strategy, FrozenParts frozen, int colourings, int epochs) {
        return new RetrievalPlan(
                "tiny",
                architecture,
                strategy,
                ImageNormalization.IMAGENET,
                new RetrievalPlan.Start(Optional.empty(), Optional.empty(), frozen),
                new RetrievalPlan.Data(data, data, Optional.empty(), 0, 0.1, colourings),
                new RetrievalPlan.Objective(true, false, false, 1, 1),
                new RetrievalPlan.Schedule(12, 6, epochs, 1, rate, 0.1, 0.05, 0.9, 5),
                ComputeMode.REFERENCE,
                3,
                OptionalDouble.of(128),
                "coloured squares",
                "none");
    }

    private RetrievalPoint run(RetrievalPlan plan, String out, Optional<Path> trunks, Recorder recorder)
            throws IOException, InterruptedException {
        return new RetrievalTrainer(
                        plan,
                        folder.resolve(out),
                        new RetrievalTrainer.Workplace(1, trunks, ProcessGroup.alone()),
                        recorder)
                .run()
                .orElseThrow();
    }

    /// Writes down what a run says, and breaks it off at a step or while it records.
    private static class Recorder implements RetrievalListener {
        private final long breakAt;
        private final long breakRecordingAt;
        final List<Double> losses = new ArrayList<>();
        final List<String> remarks = new ArrayList<>();
        long recordings;

        Recorder(long breakAt, long breakRecordingAt) {
            this.breakAt = breakAt;
            this.breakRecordingAt = breakRecordingAt;
        }

        Recorder() {
            this(-1, -1);
        }

        @Override
        public void remark(String text) {
            remarks.add(text);
        }

        @Override
        public void recorded(long views, long of) {
            recordings++;
            if (recordings == breakRecordingAt) {
                throw new IllegalStateException("broken off");
            }
        }

        @Override
        public void step(long step, long steps, double loss) {
            losses.add(loss);
            if (step == breakAt) {
                throw new IllegalStateException("broken off");
            }
        }

        @Override
        public void epoch(RetrievalPoint point) {}
    }

    @ParameterizedTest
    @EnumSource(ChangeStrategy.class)
    void everyStrategyLearnsToTellWhichColourAppears(ChangeStrategy strategy) throws Exception {
        Recorder recorder = new Recorder();

        RetrievalPoint last = run(plan(strategy, FrozenParts.NONE, 0, 10), "run", Optional.empty(), recorder);

        assertThat(last.epoch()).isEqualTo(10);
        // Equal captions share their target: with six pairs of each of four meanings no loss is below ln 3.
        assertThat(last.loss() - Math.log(3))
                .as("from %s", recorder.losses)
                .isLessThan(0.7 * (recorder.losses.getFirst() - Math.log(3)));
        try (SearchModel model = SearchModel.load(
                RetrievalTrainer.best(folder.resolve("run"), plan(strategy, FrozenParts.NONE, 0, 10)),
                ComputeMode.REFERENCE)) {
            assertThat(model.card().strategy()).isEqualTo(strategy);
            assertThat(model.card().metrics()).containsKeys("val.r10", "val.mrr");
            assertThat(model.texts(List.of("a red square appears")).getFirst()).hasSize(16);
        }
    }

    @Test
    void aRunThatWasBrokenOffEndsWithTheSameWeights() throws Exception {
        RetrievalPlan plan = plan(ChangeStrategy.CONCAT, FrozenParts.NONE, 0, 4);
        run(plan, "whole", Optional.empty(), new Recorder());

        for (long step : new long[] {3, 6}) {
            assertThatThrownBy(() -> run(plan, "broken", Optional.empty(), new Recorder(step, -1)))
                    .hasMessage("broken off");
        }
        run(plan, "broken", Optional.empty(), new Recorder());

        for (String file :
                List.of("clip_concat_last.safetensors", "clip_concat_best.safetensors", "state.safetensors")) {
            assertThat(folder.resolve("broken").resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        }
    }

    @Test
    void whatIsKeptOfAFrozenTrunkIsWhatItSays() throws Exception {
        RetrievalPlan plan = plan(ChangeStrategy.CROSS_ATTENTION, TRUNK, 2, 3);
        Path trunks = folder.resolve("trunks");
        Recorder computed = new Recorder();
        Recorder kept = new Recorder();
        Recorder again = new Recorder();

        run(plan, "computed", Optional.empty(), computed);
        run(plan, "kept", Optional.of(trunks), kept);
        run(plan, "again", Optional.of(trunks), again);

        assertThat(kept.recordings).isPositive();
        assertThat(again.recordings).isZero();
        for (int i = 0; i < computed.losses.size(); i++) {
            assertThat(kept.losses.get(i)).isCloseTo(computed.losses.get(i), within(1e-4));
        }
        assertThat(again.losses).isEqualTo(kept.losses);
    }

    @Test
    void aRecordingThatWasBrokenOffGoesOn() throws Exception {
        RetrievalPlan plan = plan(ChangeStrategy.DIFFERENCE, TRUNK, 1, 1);
        Recorder whole = new Recorder();
        Recorder rest = new Recorder();
        run(plan, "a", Optional.of(folder.resolve("whole")), whole);

        assertThatThrownBy(() -> run(plan, "b", Optional.of(folder.resolve("broken")), new Recorder(-1, 5)))
                .hasMessage("broken off");
        run(plan, "b", Optional.of(folder.resolve("broken")), rest);

        assertThat(rest.recordings).isEqualTo(whole.recordings - 5);
        assertThat(only(folder.resolve("broken"))).hasSameBinaryContentAs(only(folder.resolve("whole")));
    }

    /// All of these begin with equal weights where they have equal ones.
    @Test
    void whatIsKeptOfATrunkIsNotTakenForThatOfAnotherArchitecture() throws Exception {
        for (List<SearchArchitecture> two : List.of(
                List.of(resNet(4, 16), resNet(2, 16)),
                List.of(transformer(Activation.GELU), transformer(Activation.QUICK_GELU)))) {
            String name = two.getFirst().getClass().getSimpleName();
            Path trunks = folder.resolve(name);
            for (int i = 0; i < 2; i++) {
                Recorder recorder = new Recorder();
                run(plan(two.get(i), ChangeStrategy.CONCAT, TRUNK, 1, 1), name + i, Optional.of(trunks), recorder);
                assertThat(recorder.recordings).as("%s", two.get(i)).isPositive();
            }
            try (Stream<Path> files = Files.list(trunks)) {
                assertThat(files).hasSize(2);
            }
        }
        Recorder sameTrunk = new Recorder();
        run(
                plan(resNet(4, 32), ChangeStrategy.CONCAT, TRUNK, 1, 1),
                "other texts",
                Optional.of(folder.resolve("ResNetClip")),
                sameTrunk);
        assertThat(sameTrunk.recordings).isZero();
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    @Test
    void aFrozenTrunkKeepsItsWeights() throws Exception {
        RetrievalPlan plan = plan(ChangeStrategy.LEARNED, TRUNK, 0, 1);
        RetrievalPlan more = plan(ChangeStrategy.LEARNED, TRUNK, 0, 3);
        run(plan, "one", Optional.empty(), new Recorder());
        run(more, "three", Optional.empty(), new Recorder());

        Path one = folder.resolve("one/clip_learned_last.safetensors");
        Path three = folder.resolve("three/clip_learned_last.safetensors");
        try (var a = SafetensorsFile.read(one);
                var b = SafetensorsFile.read(three)) {
            for (String name : a.tensors().keySet()) {
                if (name.startsWith("encoder.")) {
                    assertThat(b.toFloats(name)).as(name).isEqualTo(a.toFloats(name));
                }
            }
            assertThat(b.toFloats("visual.proj")).isNotEqualTo(a.toFloats("visual.proj"));
        }
    }

    /// Everything that the loss of a batch can hold.
    private RetrievalPlan everything() throws IOException {
        RetrievalPlan plain = plan(ChangeStrategy.CONCAT, FrozenParts.NONE, 0, 1);
        Path sentences = folder.resolve("sentences.json");
        Files.writeString(sentences, """
                {"images": [
                  {"split": "train", "filename": "x.png", "changeflag": 1,
                   "sentences": [{"raw": "a red square appears"}, {"raw": "something red is new"}]},
                  {"split": "train", "filename": "y.png", "changeflag": 1,
                   "sentences": [{"raw": "a yellow square appears"}, {"raw": "something yellow is new"}]}]}
                """);
        return new RetrievalPlan(
                plain.name(),
                plain.architecture(),
                plain.strategy(),
                plain.normalization(),
                plain.start(),
                new RetrievalPlan.Data(data, data, Optional.of(sentences), 0.5, 0.1, 0),
                new RetrievalPlan.Objective(true, true, true, 1, 2),
                plain.schedule(),
                plain.mode(),
                plain.seed(),
                plain.windowMetres(),
                plain.trainingData(),
                plain.licence());
    }

    @Test
    void twoProcessesTrainAsOneWithTheWholeBatch() throws Exception {
        rate = Together.GENTLE;
        RetrievalPlan plan = everything();
        Recorder single = new Recorder();
        run(plan, "alone", Optional.empty(), single);

        List<List<Double>> losses = Together.run(2, group -> {
            Recorder recorder = new Recorder();
            new RetrievalTrainer(
                            plan,
                            folder.resolve("together"),
                            new RetrievalTrainer.Workplace(1, Optional.empty(), group),
                            recorder)
                    .run();
            return recorder.losses;
        });

        assertThat(single.losses).hasSize(2);
        for (int i = 0; i < single.losses.size(); i++) {
            assertThat(losses.getFirst().get(i)).isCloseTo(single.losses.get(i), within(1e-4));
        }
        Together.assertClose(
                folder.resolve("alone/clip_concat_last.safetensors"),
                folder.resolve("together/clip_concat_last.safetensors"),
                rate);
    }

    @Test
    void reversedPairsAndSentencesWithoutImagesTakePart() throws Exception {
        RetrievalPlan plain = plan(ChangeStrategy.CONCAT, FrozenParts.NONE, 0, 1);
        RetrievalPlan both = everything();
        Recorder recorder = new Recorder();
        Recorder reference = new Recorder();
        run(plain, "plain", Optional.empty(), reference);
        run(both, "both", Optional.empty(), recorder);

        // More candidates for every text, hence a higher loss at the first step.
        assertThat(recorder.losses.getFirst()).isGreaterThan(reference.losses.getFirst());
        assertThat(recorder.remarks)
                .singleElement()
                .asString()
                .contains("the sentences of 1 pairs")
                .contains("validation");
    }

    @Test
    void keptTrunksThatWereCutShortAreRefused() throws Exception {
        RetrievalPlan plan = plan(ChangeStrategy.DIFFERENCE, TRUNK, 1, 1);
        Path trunks = folder.resolve("trunks");
        run(plan, "a", Optional.of(trunks), new Recorder());
        Path kept = only(trunks);
        try (FileChannel channel = FileChannel.open(kept, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }

        assertThatThrownBy(() -> run(plan, "b", Optional.of(trunks), new Recorder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(kept.getFileName().toString())
                .hasMessageContaining("delete it");
    }

    @Test
    void settingsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> run(
                        plan(ChangeStrategy.CONCAT, FrozenParts.NONE, 1, 1),
                        "x",
                        Optional.of(folder.resolve("trunks")),
                        new Recorder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole trunk is frozen");
        assertThatThrownBy(() -> run(
                        plan(ChangeStrategy.CONCAT, TRUNK, 0, 1),
                        "x",
                        Optional.of(folder.resolve("trunks")),
                        new Recorder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colourings");
        assertThatThrownBy(() -> new RetrievalPlan.Schedule(12, 5, 1, 1, 1e-3, 0, 0, 0, 5))
                .hasMessageContaining("divide the batch size of 12");
    }

    @Test
    void anotherPlanDoesNotGoOnWithAStrangersState() throws Exception {
        run(plan(ChangeStrategy.CONCAT, FrozenParts.NONE, 0, 1), "run", Optional.empty(), new Recorder());

        assertThatThrownBy(() -> run(
                        plan(ChangeStrategy.CONCAT, FrozenParts.NONE, 0, 2), "run", Optional.empty(), new Recorder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other settings");
    }
}
