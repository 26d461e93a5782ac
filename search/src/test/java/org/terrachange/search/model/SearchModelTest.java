package org.terrachange.search.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.clip.ClipPreprocessing;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.transformer.TrainableLayers;

class SearchModelTest {
    private static final SearchArchitecture TINY = new SearchArchitecture.ResNetClip(
            ResNet.Depth.RESNET18, 1, 32, 4, 16, new ClipConfiguration.Text(77, ClipTokenizer.VOCABULARY, 16, 1, 1));

    @TempDir
    private Path folder;

    private static SearchCard card(ChangeStrategy strategy) {
        return new SearchCard(
                "tiny",
                TINY,
                strategy,
                ImageNormalization.IMAGENET,
                OptionalDouble.of(128),
                "none",
                "free",
                Optional.of(Vocabulary.of(List.of("A road, and houses."))),
                Map.of("val.r10", "0.5"));
    }

    @Test
    void aStoredModelSaysWhatItSaidInTraining() throws IOException {
        Path file = folder.resolve("model.safetensors");
        byte[] before = noise(1);
        byte[] after = noise(2);
        for (ChangeStrategy strategy : ChangeStrategy.values()) {
            List<float[]> trained;
            List<float[]> texts;
            try (Parameters parameters = new Parameters()) {
                SearchNetwork network = new SearchNetwork(TINY, strategy, new TrainableLayers(parameters));
                parameters.allocate(7);
                NetworkEmbedder embedder = new NetworkEmbedder(
                        network, new ClipPreprocessing(32, ImageNormalization.IMAGENET), ComputeMode.REFERENCE);
                trained = embedder.changes(before, after, 2, 40, 36);
                texts = embedder.texts(List.of("a house", "no change"));
                SearchModel.write(file, parameters, card(strategy));
            }
            try (SearchModel model = SearchModel.load(file, ComputeMode.REFERENCE)) {
                assertThat(model.card()).isEqualTo(card(strategy));
                assertClose(model.changes(before, after, 2, 40, 36), trained);
                assertClose(model.texts(List.of("a house", "no change")), texts);
            }
        }
    }

    private static byte[] noise(long seed) {
        byte[] pixels = new byte[2 * 3 * 40 * 36];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    private static void assertClose(List<float[]> actual, List<float[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            double length = 0;
            for (int c = 0; c < expected.get(i).length; c++) {
                assertThat(actual.get(i)[c]).isCloseTo(expected.get(i)[c], within(1e-4f));
                length += actual.get(i)[c] * actual.get(i)[c];
            }
            assertThat(length).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void otherFilesAreRefusedByName() throws IOException {
        Path file = folder.resolve("model.safetensors");
        write(file, Map.of("format", "terrachange-detector"));
        assertThatThrownBy(() -> SearchModel.load(file, ComputeMode.REFERENCE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("not a TerraChange search model: it is a terrachange-detector file");
        for (String missing : List.of("architecture", "strategy", "mean", "text.width")) {
            Map<String, String> metadata =
                    new HashMap<>(card(ChangeStrategy.FREQUENCY).toMetadata());
            metadata.remove(missing);
            write(file, metadata);
            assertThatThrownBy(() -> SearchModel.load(file, ComputeMode.REFERENCE))
                    .as(missing)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("not a TerraChange search model");
        }
        write(file, card(ChangeStrategy.FREQUENCY).toMetadata());
        assertThatThrownBy(() -> SearchModel.load(file, ComputeMode.REFERENCE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors");
    }

    private static void write(Path file, Map<String, String> metadata) throws IOException {
        SafetensorsFile.write(file, StateDict.of(Map.of("x", HostTensor.ofFloats(new float[] {1}, 1)), metadata));
    }
}
