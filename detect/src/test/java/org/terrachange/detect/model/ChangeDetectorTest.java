package org.terrachange.detect.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;

class ChangeDetectorTest {
    @TempDir
    Path folder;

    private static byte[] noise(int pixels, long seed) {
        byte[] values = new byte[3 * pixels];
        new Random(seed).nextBytes(values);
        return values;
    }

    @Test
    void aStoredDetectorAnswersAsTheNetworkThatWasStored() throws IOException {
        Path file = TinyDetector.write(folder.resolve("tiny.safetensors"));
        byte[] before = noise(64 * 96, 1);
        byte[] after = noise(64 * 96, 2);
        float[] expected;
        try (Parameters parameters = new Parameters();
                var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            ChangeNetwork network = ChangeLayout.TERRACHANGE_LITE.build(new TrainableConvs(parameters));
            parameters.allocate(11);
            Tensor logits = network.forward(
                    ImageNormalization.IMAGENET.apply(before, 1, 64, 96, ComputeMode.REFERENCE),
                    ImageNormalization.IMAGENET.apply(after, 1, 64, 96, ComputeMode.REFERENCE),
                    Mode.INFERENCE);
            expected = HostCopies.toHost(logits.sigmoid()).toFloats();
        }
        try (ChangeDetector detector = ChangeDetector.load(file, ComputeMode.REFERENCE)) {
            assertThat(detector.card()).isEqualTo(TinyDetector.card());
            assertThat(detector.probabilities(before, after, 1, 64, 96))
                    .hasSize(64 * 96)
                    .satisfies(found -> {
                        for (int i = 0; i < found.length; i++) {
                            assertThat(found[i]).isCloseTo(expected[i], within(1e-4f));
                        }
                    });
        }
    }

    @Test
    void pairsOfABatchDoNotInfluenceEachOther() throws IOException {
        Path file = TinyDetector.write(folder.resolve("tiny.safetensors"));
        byte[] before = noise(2 * 32 * 32, 3);
        byte[] after = noise(2 * 32 * 32, 4);
        try (ChangeDetector detector = ChangeDetector.load(file, ComputeMode.REFERENCE)) {
            float[] both = detector.probabilities(before, after, 2, 32, 32);
            float[] first = detector.probabilities(
                    java.util.Arrays.copyOf(before, 3 * 32 * 32),
                    java.util.Arrays.copyOf(after, 3 * 32 * 32),
                    1,
                    32,
                    32);
            for (int i = 0; i < first.length; i++) {
                assertThat(both[i]).isCloseTo(first[i], within(1e-5f));
            }
        }
    }

    @Test
    void sizesThatTheNetworkCannotHalveAreRefused() throws IOException {
        Path file = TinyDetector.write(folder.resolve("tiny.safetensors"));
        try (ChangeDetector detector = ChangeDetector.load(file, ComputeMode.REFERENCE)) {
            assertThatThrownBy(() -> detector.probabilities(noise(33 * 32, 1), noise(33 * 32, 1), 1, 32, 33))
                    .hasMessageContaining("multiples of 32")
                    .hasMessageContaining("33x32");
        }
    }

    @Test
    void aCheckpointOfAnotherNetworkIsRefusedWithWhatIsMissing() throws IOException {
        Path file = folder.resolve("other.safetensors");
        SafetensorsFile.write(
                file,
                StateDict.of(
                        Map.of("fc.weight", HostTensor.ofFloats(new float[4], 2, 2)),
                        TinyDetector.card().toMetadata()));
        assertThatThrownBy(() -> ChangeDetector.load(file, ComputeMode.REFERENCE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("other.safetensors")
                .hasMessageContaining("encoder.conv1.weight");
    }

    @Test
    void metadataOfAnUnknownLayoutIsRefused() throws IOException {
        Path file = folder.resolve("odd.safetensors");
        SafetensorsFile.write(
                file,
                StateDict.of(
                        Map.of("x", HostTensor.ofFloats(new float[1], 1)),
                        Map.of("layout", "sideways", "mean", "0,0,0", "std", "1,1,1")));
        assertThatThrownBy(() -> ChangeDetector.load(file, ComputeMode.REFERENCE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("sideways");
    }
}
