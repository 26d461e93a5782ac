package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files are read or refused with a [CheckpointException]; nothing else may come out. Each test prints its
/// seed; `-Dterrachange.fuzz.seed=N` repeats a run.
@Timeout(60)
class CheckpointFuzzTest {
    private static final int ROUNDS = 250;

    @TempDir
    Path folder;

    private static SplittableRandom random(String what) {
        long seed = Long.getLong("terrachange.fuzz.seed", System.nanoTime());
        System.out.println("fuzzing " + what + " with seed " + seed);
        return new SplittableRandom(seed);
    }

    private static byte[] pickle() {
        return new PickleAssembler()
                .emptyDict()
                .text("epoch")
                .number(1L << 33)
                .setItem()
                .text("state_dict")
                .orderedDict()
                .mark()
                .text("a")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .text("b")
                .tensor("BFloat16Storage", "1", 4, 1, new long[] {3}, new long[] {1})
                .setItems()
                .setItem()
                .stop();
    }

    private static byte[] damaged(byte[] good, SplittableRandom random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = (byte) 0xff;
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(1, 9), bytes.length - Math.max(at, from));
                    System.arraycopy(good, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }

    /// Reads every byte of what opens, so that a window outside the file would show.
    private void openOrRefuse(Path file) {
        try (StateDict state = Checkpoints.open(file)) {
            for (HostTensor tensor : state.tensors().values()) {
                assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE))
                        .hasSize((int) tensor.data().byteSize());
            }
        } catch (CheckpointException e) {
            assertThat(e).hasMessageStartingWith(file.toString());
        } catch (IOException | RuntimeException | Error e) {
            fail("not a CheckpointException", e);
        }
    }

    @Test
    void damagedPyTorchFilesAreReadOrRefused() throws IOException {
        SplittableRandom random = random("PyTorch archives");
        Path file = folder.resolve("fuzz.pth");
        byte[] good = Files.readAllBytes(new TorchArchive("archive/", pickle())
                .withFloats("0", 1, 2, 3, 4, 5, 6)
                .with("data/1", new byte[8])
                .write(file));
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, damaged(good, random));
            openOrRefuse(file);
        }
    }

    @Test
    void damagedPicklesAreReadOrRefused() {
        SplittableRandom random = random("pickles");
        byte[] good = pickle();
        for (int round = 0; round < 20 * ROUNDS; round++) {
            byte[] bytes = damaged(good, random);
            try {
                CheckpointPickle.read(Path.of("fuzz.pth"), bytes);
            } catch (CheckpointException e) {
                assertThat(e).hasMessageStartingWith("fuzz.pth: ");
            } catch (RuntimeException | Error e) {
                fail("not a CheckpointException", e);
            }
        }
    }

    @Test
    void randomInstructionsAreReadOrRefused() {
        SplittableRandom random = random("instructions");
        byte[] instructions = "N}](tRsauebQh\1q\1K\7)0.".getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 20 * ROUNDS; round++) {
            PickleAssembler pickle = new PickleAssembler();
            for (int i = random.nextInt(40); i > 0; i--) {
                switch (random.nextInt(12)) {
                    case 0 -> pickle.orderedDict();
                    case 1 -> pickle.text("a");
                    case 2 -> pickle.global("torch._utils", "_rebuild_tensor_v2");
                    case 3 -> pickle.global("torch", "Size");
                    default -> pickle.bytes(instructions[random.nextInt(instructions.length)]);
                }
            }
            try {
                CheckpointPickle.read(Path.of("fuzz.pth"), pickle.stop());
            } catch (CheckpointException e) {
                assertThat(e).hasMessageStartingWith("fuzz.pth: ");
            } catch (RuntimeException | Error e) {
                fail("not a CheckpointException", e);
            }
        }
    }

    @Test
    void damagedSafetensorsAreReadOrRefused() throws IOException {
        SplittableRandom random = random("safetensors");
        Path file = folder.resolve("fuzz.safetensors");
        SafetensorsFile.write(
                file,
                StateDict.of(
                        Map.of(
                                "a",
                                HostTensor.ofFloats(new float[] {1, 2}, 2),
                                "b",
                                HostTensor.ofLongs(new long[] {1}, 1)),
                        Map.of("k", "v")));
        byte[] good = Files.readAllBytes(file);
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, damaged(good, random));
            openOrRefuse(file);
        }
    }
}
