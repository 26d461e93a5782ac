package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchFileTest {
    private static final float[] ONE_TO_SIX = {1, 2, 3, 4, 5, 6};

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("weights.pth");
    }

    /// A state dict of one tensor named `w` over six floats in storage 0.
    private static byte[] oneTensor(long offset, long[] sizes, long[] strides) {
        return new PickleAssembler()
                .orderedDict()
                .text("w")
                .tensor("FloatStorage", "0", 6, offset, sizes, strides)
                .setItem()
                .stop();
    }

    private float[] read(byte[] pickle) throws IOException {
        new TorchArchive("archive/", pickle).withFloats("0", ONE_TO_SIX).write(file());
        try (StateDict state = PyTorchFile.read(file())) {
            return state.toFloats("w");
        }
    }

    @Test
    void contiguousTransposedSlicedExpandedAndScalarViewsAreRowMajor() throws IOException {
        assertThat(read(oneTensor(0, new long[] {2, 3}, new long[] {3, 1}))).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(read(oneTensor(0, new long[] {3, 2}, new long[] {1, 3}))).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(read(oneTensor(1, new long[] {2, 2}, new long[] {3, 1}))).containsExactly(2, 3, 5, 6);
        assertThat(read(oneTensor(2, new long[] {3}, new long[] {1}))).containsExactly(3, 4, 5);
        assertThat(read(oneTensor(4, new long[] {2, 3}, new long[] {0, 0}))).containsExactly(5, 5, 5, 5, 5, 5);
        assertThat(read(oneTensor(1, new long[] {2, 1, 2}, new long[] {2, 99, 1})))
                .containsExactly(2, 3, 4, 5);
        assertThat(read(oneTensor(0, new long[] {2, 3, 1}, new long[] {1, 2, 1})))
                .containsExactly(1, 3, 5, 2, 4, 6);
        assertThat(read(oneTensor(5, new long[0], new long[0]))).containsExactly(6);
        assertThat(read(oneTensor(0, new long[] {0, 7}, new long[] {7, 1}))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"archive/", "any name/", "", "a/b/"})
    void theFolderInsideTheArchiveMayHaveAnyName(String root) throws IOException {
        new TorchArchive(root, oneTensor(0, new long[] {6}, new long[] {1}))
                .withFloats("0", ONE_TO_SIX)
                .with("version", "3\n")
                .write(file());
        try (StateDict state = PyTorchFile.read(file())) {
            assertThat(state.toFloats("w")).containsExactly(ONE_TO_SIX);
        }
    }

    @Test
    void bigEndianStoragesAreSwapped() throws IOException {
        byte[] pickle = new PickleAssembler()
                .orderedDict()
                .mark()
                .text("d")
                .tensor("DoubleStorage", "0", 2, 0, new long[] {2}, new long[] {1})
                .text("h")
                .tensor("HalfStorage", "1", 2, 0, new long[] {2}, new long[] {1})
                .text("u")
                .tensor("ByteStorage", "2", 2, 0, new long[] {2}, new long[] {1})
                .setItems()
                .stop();
        byte[] doubles = ByteBuffer.allocate(16).putDouble(0.5).putDouble(-3).array();
        new TorchArchive("archive/", pickle)
                .with("byteorder", "big")
                .with("data/0", doubles)
                .with("data/1", new byte[] {0x3c, 0, (byte) 0xc0, 0})
                .with("data/2", new byte[] {1, 2})
                .write(file());
        try (StateDict state = PyTorchFile.read(file())) {
            assertThat(state.toFloats("d")).containsExactly(0.5f, -3);
            assertThat(state.toFloats("h")).containsExactly(1, -2);
            assertThat(state.get("u").data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2);
        }
        new TorchArchive("archive/", pickle).with("byteorder", "middle").write(file());
        assertThatThrownBy(() -> PyTorchFile.read(file())).hasMessageContaining("unknown byte order, middle");
    }

    private static PickleAssembler withTensor(PickleAssembler pickle, String name) {
        return pickle.text(name)
                .tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})
                .setItem();
    }

    private StateDict open(PickleAssembler pickle) throws IOException {
        return PyTorchFile.read(new TorchArchive("archive/", pickle.stop())
                .withFloats("0", ONE_TO_SIX)
                .write(file()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state_dict", "model_state_dict", "model"})
    void theStateDictIsFoundUnderItsUsualKeysAndTheOptimizerLeftAlone(String key) throws IOException {
        PickleAssembler pickle = new PickleAssembler().emptyDict();
        withTensor(pickle.text("optimizer").emptyDict(), "exp_avg").setItem();
        pickle.text("epoch").number(12).setItem();
        pickle.text("arch").text("resnet50").setItem();
        withTensor(pickle, "loss");
        withTensor(pickle.text(key).orderedDict(), "conv1.weight").setItem();
        try (StateDict state = open(pickle)) {
            assertThat(state.tensors().keySet()).containsExactly("conv1.weight");
            assertThat(state.metadata()).containsEntry("epoch", "12").containsEntry("arch", "resnet50");
        }
    }

    @Test
    void aKeyWithoutTensorsIsPassedOver() throws IOException {
        PickleAssembler pickle = new PickleAssembler().emptyDict();
        pickle.text("state_dict").emptyDict().setItem();
        withTensor(pickle.text("model").emptyDict().text("state_dict").orderedDict(), "w")
                .setItem()
                .setItem();
        try (StateDict state = open(pickle)) {
            assertThat(state.tensors().keySet()).containsExactly("w");
        }
    }

    @Test
    void aDictionaryWithoutTensorsIsRefusedWithItsNames() {
        PickleAssembler pickle = new PickleAssembler().emptyDict();
        pickle.text("epoch").number(1).setItem();
        withTensor(pickle.text("weights").emptyDict(), "w").setItem();
        assertThatThrownBy(() -> open(pickle))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("neither outermost nor under state_dict, model_state_dict, model")
                .hasMessageEndingWith("its outermost names are epoch, weights");
        assertThatThrownBy(() ->
                        open(new PickleAssembler().tensor("FloatStorage", "0", 6, 0, new long[] {6}, new long[] {1})))
                .hasMessageContaining("holds no dictionary of named tensors");
    }

    @Test
    void aDictionaryNestedInItselfEnds() {
        assertThatThrownBy(() -> open(new PickleAssembler()
                        .emptyDict()
                        .ascii("q\1")
                        .text("model")
                        .ascii("h\1")
                        .setItem()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no named tensors");
    }

    @Test
    void tensorsThatShareAStorageShareItsMemory() throws IOException {
        PickleAssembler pickle = new PickleAssembler().orderedDict();
        withTensor(withTensor(pickle, "a"), "b");
        try (StateDict state = open(pickle)) {
            assertThat(state.get("a").data().address())
                    .isEqualTo(state.get("b").data().address());
        }
    }

    @Test
    void aSmallFileThatExpandsToMuchMemoryIsRefused() {
        assertThatThrownBy(() -> read(oneTensor(0, new long[] {1L << 40}, new long[] {0})))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("expands tensor w to 4398046511104 bytes");
    }

    @Test
    void aStorageThatIsMissingOrTooShortIsNamed() throws IOException {
        byte[] pickle = oneTensor(0, new long[] {6}, new long[] {1});
        new TorchArchive("archive/", pickle).write(file());
        assertThatThrownBy(() -> PyTorchFile.read(file())).hasMessageContaining("lacks archive/data/0");
        new TorchArchive("archive/", pickle).withFloats("0", 1, 2, 3).write(file());
        assertThatThrownBy(() -> PyTorchFile.read(file()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor w needs a storage of 6 elements, but the archive holds 12 bytes");
    }

    @Test
    void torchScriptOtherZipAndCompressedArchivesAreRefusedWithARemedy() throws IOException {
        byte[] pickle = oneTensor(0, new long[] {6}, new long[] {1});
        new TorchArchive("archive/", pickle).with("constants.pkl", "x").write(file());
        assertThatThrownBy(() -> PyTorchFile.read(file()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("TorchScript archive (it holds constants.pkl or code)")
                .hasMessageContaining("torch.jit.load");
        new TorchArchive("archive/", pickle).with("code/__torch__.py", "x").write(file());
        assertThatThrownBy(() -> PyTorchFile.read(file())).hasMessageContaining("TorchScript");
        new TorchArchive("archive/", pickle).with("other/data.pkl", pickle).write(file());
        assertThatThrownBy(() -> PyTorchFile.read(file())).hasMessageContaining("more than one data.pkl");
        new TorchArchive("archive/", pickle)
                .withFloats("0", ONE_TO_SIX)
                .deflated()
                .write(file());
        assertThatThrownBy(() -> PyTorchFile.read(file()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("compressed");
        Files.write(file(), new byte[] {'P', 'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        assertThatThrownBy(() -> PyTorchFile.read(file())).hasMessageContaining("no data.pkl");
    }

    @Test
    void everyTruncationIsRefusedByName() throws IOException {
        byte[] whole = Files.readAllBytes(new TorchArchive("archive/", oneTensor(0, new long[] {6}, new long[] {1}))
                .withFloats("0", ONE_TO_SIX)
                .write(file()));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> PyTorchFile.read(file()))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("weights.pth: is cut off");
        }
    }

    @Test
    void aSixtyFourBitDirectoryIsRead() throws IOException {
        byte[] pickle = oneTensor(0, new long[] {6}, new long[] {1});
        ByteBuffer floats = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        floats.asFloatBuffer().put(ONE_TO_SIX);
        Files.write(file(), zip64(new String[] {"x/data.pkl", "x/data/0"}, new byte[][] {pickle, floats.array()}));
        try (StateDict state = PyTorchFile.read(file())) {
            assertThat(state.toFloats("w")).containsExactly(ONE_TO_SIX);
        }
    }

    /// An archive whose sizes and offsets all stand in their 64-bit form (APPNOTE 4.3.14 and 4.5.3).
    private static byte[] zip64(String[] names, byte[][] contents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        for (int i = 0; i < names.length; i++) {
            byte[] name = names[i].getBytes(StandardCharsets.US_ASCII);
            short nameLength = (short) name.length;
            long size = contents[i].length;
            long header = out.size();
            append(
                    out,
                    30,
                    b -> b.putInt(0x04034b50)
                            .putInt(18, -1)
                            .putInt(22, -1)
                            .putShort(26, nameLength)
                            .putShort(28, (short) 20));
            out.writeBytes(name);
            append(
                    out,
                    20,
                    b -> b.putShort((short) 1)
                            .putShort((short) 16)
                            .putLong(size)
                            .putLong(size));
            out.writeBytes(contents[i]);

            append(
                    directory,
                    46,
                    b -> b.putInt(0x02014b50)
                            .putInt(20, -1)
                            .putInt(24, -1)
                            .putInt(42, -1)
                            .putShort(28, nameLength)
                            .putShort(30, (short) 34));
            directory.writeBytes(name);
            // A foreign extra field stands first.
            append(
                    directory,
                    34,
                    b -> b.putShort((short) 0x7075)
                            .putShort((short) 2)
                            .putShort((short) 0)
                            .putShort((short) 1)
                            .putShort((short) 24)
                            .putLong(size)
                            .putLong(size)
                            .putLong(header));
        }
        long start = out.size();
        out.writeBytes(directory.toByteArray());
        long end64 = out.size();
        append(
                out,
                56,
                b -> b.putInt(0x06064b50)
                        .putLong(44)
                        .putLong(24, names.length)
                        .putLong(32, names.length)
                        .putLong(40, directory.size())
                        .putLong(48, start));
        append(out, 20, b -> b.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1));
        append(out, 22, b -> b.putInt(0x06054b50).putInt(12, -1).putInt(16, -1));
        return out.toByteArray();
    }

    private static void append(ByteArrayOutputStream out, int size, Consumer<ByteBuffer> fill) {
        byte[] record = new byte[size];
        fill.accept(ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN));
        out.writeBytes(record);
    }
}
