package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.terrachange.nn.checkpoint.SafetensorsFile.FloatStorage;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    private Path file(String header, int bufferBytes) throws IOException {
        byte[] buffer = new byte[bufferBytes];
        for (int i = 0; i < bufferBytes; i++) {
            buffer[i] = (byte) i;
        }
        return file(header.getBytes(StandardCharsets.UTF_8), buffer);
    }

    private Path file(byte[] header, byte[] buffer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        out.writeBytes(header);
        out.writeBytes(buffer);
        return Files.write(folder.resolve("hand.safetensors"), out.toByteArray());
    }

    @Test
    void aFileBuiltByHandIsRead() throws IOException {
        byte[] buffer = ByteBuffer.allocate(17)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2f)
                .putLong(42)
                .put((byte) 1)
                .array();
        Path file = file("""
                {"__metadata__":{"format":"pt"},
                 "n":{"dtype":"I64","shape":[],"data_offsets":[8,16]},
                 "w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},
                 "b":{"dtype":"BOOL","shape":[1],"data_offsets":[16,17]},
                 "empty":{"dtype":"F16","shape":[3,0],"data_offsets":[16,16]}}\040\040\040""".getBytes(StandardCharsets.UTF_8), buffer);
        try (StateDict state = SafetensorsFile.read(file)) {
            assertThat(state.tensors().keySet()).containsExactly("n", "w", "b", "empty");
            assertThat(state.metadata()).containsExactly(Map.entry("format", "pt"));
            assertThat(state.toFloats("w")).containsExactly(1.5f, -2f);
            assertThat(state.get("w").shape()).containsExactly(1L, 2L);
            assertThat(state.get("n").shape()).isEmpty();
            assertThat(state.get("n").data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0))
                    .isEqualTo(42);
            assertThat(state.get("b").type()).isEqualTo(ElementType.BOOL);
            assertThat(state.get("empty").elements()).isZero();
            assertThat(state.source()).isEqualTo(file.toString());
        }
    }

    @Test
    void aClosedFileIsNoLongerReadable() throws IOException {
        Path file = file("{\"w\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4);
        StateDict state = SafetensorsFile.read(file);
        HostTensor tensor = state.get("w");
        assertThat(tensor.data().get(ValueLayout.JAVA_BYTE, 3)).isEqualTo((byte) 3);
        state.close();
        state.close();
        assertThatThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 3)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}{} | goes on after
            {"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}   | header
            ["w"]                                                  | does not begin with '{'
            {"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"w":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}} | uplicate
            {"w":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}} | uplicate
            {"__metadata__":{"a":"1","a":"2"}}                     | uplicate
            {"__metadata__":{"a":1}}                               | __metadata__ value a
            {"__metadata__":"a"}                                   | __metadata__ should be START_OBJECT
            {"w":3}                                                | tensor w should be START_OBJECT
            {"w":{"dtype":"U8","shape":[4]}}                       | does not give dtype, shape and two data_offsets of tensor w
            {"w":{"dtype":"U8","shape":[4],"data_offsets":[0]}}    | two data_offsets
            {"w":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}  | gives tensor w 4 bytes, but U8 [3] takes 3
            {"w":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}} | negative shape of w
            {"w":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}} | shape of w should be VALUE_NUMBER_INT
            {"w":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,4]}} | header
            {"w":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,4]}} | too large
            {"w":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}} | tensor w holds F8_E4M3, which is not read here
            {"w":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}  | gives tensor w -4 bytes
            {"w":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}  | begins at byte 1 where 0 is next: there is a hole
            {"w":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}  | 1 bytes after its last tensor
            {"w":{"dtype":"U8","shape":[5],"data_offsets":[0,5]}}  | is cut off: tensor w ends at byte 5 of 4
            {"w":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"v":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}} | tensors overlap
            {}                                                     | 4 bytes after its last tensor
            """)
    void aHeaderThatBreaksARuleIsRefused(String header, String problem) throws IOException {
        Path file = file(header, 4);
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void aHeaderLengthBeyondTheFormatOrTheFileIsRefusedBeforeItIsAllocated() throws IOException {
        Path file = folder.resolve("long.safetensors");
        for (long length : new long[] {-1, Long.MIN_VALUE, SafetensorsFile.LARGEST_HEADER + 1}) {
            Files.write(
                    file,
                    ByteBuffer.allocate(32)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertThatThrownBy(() -> SafetensorsFile.read(file))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(Long.toUnsignedString(length) + " bytes; the format allows 100000000");
        }
        Files.write(
                file,
                ByteBuffer.allocate(32)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(25)
                        .array());
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is cut off");
    }

    @Test
    void controlCharactersOfAHostileNameDoNotReachTheTerminal() throws IOException {
        Path file = file("{\"\\u001b[2Jw\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}", 4);
        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor ?[2Jw");
    }

    /// One tensor of every type, of ranks 0 to 3, one empty, with random content.
    static StateDict everyType(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        List<List<Long>> shapes =
                List.of(List.of(), List.of(5L), List.of(3L, 4L), List.of(2L, 1L, 3L), List.of(2L, 0L));
        int count = 0;
        for (ElementType type : ElementType.values()) {
            List<Long> shape = shapes.get(count % shapes.size());
            byte[] bytes = new byte[(int) HostTensor.byteSize(type, shape)];
            random.nextBytes(bytes);
            tensors.put("z" + (9 - count) + "." + type, new HostTensor(type, shape, MemorySegment.ofArray(bytes)));
            count++;
        }
        return StateDict.of(tensors, Map.of("layout", "terrachange-v1", "note", "\"quoted\" é\n"));
    }

    /// `name type shape hex` of every tensor, one a line.
    static String listing(StateDict state) {
        return state.tensors().entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue().type() + " "
                        + entry.getValue().shape().toString().replace(" ", "") + " "
                        + HexFormat.of().formatHex(entry.getValue().data().toArray(ValueLayout.JAVA_BYTE)))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void whatIsWrittenIsReadBackBitForBitInTheSameOrder() throws IOException {
        StateDict state = everyType(7);
        Path file = folder.resolve("all.safetensors");
        SafetensorsFile.write(file, state);
        try (StateDict back = SafetensorsFile.read(file)) {
            assertThat(listing(back)).isEqualTo(listing(state));
            assertThat(back.metadata()).isEqualTo(state.metadata());
        }
        SafetensorsFile.write(file, state.sortedByName());
        try (StateDict back = SafetensorsFile.read(file)) {
            assertThat(List.copyOf(back.tensors().keySet())).isSorted();
        }
    }

    @Test
    void theHeaderIsPaddedWithSpacesToEightBytes() throws IOException {
        Path file = folder.resolve("padded.safetensors");
        SafetensorsFile.write(file, StateDict.of(Map.of("a", HostTensor.ofFloats(new float[] {1}, 1)), Map.of()));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.getLong();
        assertThat(length % 8).isZero();
        String header = new String(bytes.array(), 8, (int) length, StandardCharsets.UTF_8);
        assertThat(header).matches("\\{\"a\":\\{\"dtype\":\"F32\",\"shape\":\\[1],\"data_offsets\":\\[0,4]}} *");
        assertThat(bytes.capacity()).isEqualTo(8 + (int) length + 4);
    }

    @ParameterizedTest
    @CsvSource({"F32, F32", "F16, F16", "BF16, BF16"})
    void floatingTensorsTakeTheChosenTypeAndIntegersStay(FloatStorage storage, ElementType type) throws IOException {
        float[] values = new float[200_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 256 - 128) / 64f;
        }
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("w", HostTensor.ofFloats(values, 400, 500));
        tensors.put("n", HostTensor.ofLongs(new long[] {3}));
        tensors.put("scalar", HostTensor.ofFloats(new float[] {0.5f}));
        tensors.put("none", HostTensor.ofFloats(new float[0], 0));
        Path file = folder.resolve("chosen.safetensors");
        SafetensorsFile.write(file, StateDict.of(tensors, Map.of()), storage);
        try (StateDict back = SafetensorsFile.read(file)) {
            assertThat(back.get("w").type()).isEqualTo(type);
            assertThat(back.get("w").shape()).containsExactly(400L, 500L);
            assertThat(back.toFloats("w")).isEqualTo(values);
            assertThat(back.get("n").type()).isEqualTo(ElementType.I64);
            assertThat(back.toFloats("scalar")).containsExactly(0.5f);
            assertThat(back.toFloats("none")).isEmpty();
        }
    }

    @Test
    void aNumberTooLargeForTheChosenTypeIsRefusedAndNoFileIsLeft() throws IOException {
        StateDict state = StateDict.of(
                Map.of("w", HostTensor.ofFloats(new float[] {Float.POSITIVE_INFINITY, 70_000}, 2)), Map.of());
        Path file = folder.resolve("half.safetensors");
        assertThatThrownBy(() -> SafetensorsFile.write(file, state, FloatStorage.F16))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor w holds 70000.0, which is too large for F16");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFailedWriteLeavesTheEarlierFileAsItWas() throws IOException {
        Path file = folder.resolve("kept.safetensors");
        SafetensorsFile.write(file, StateDict.of(Map.of("a", HostTensor.ofFloats(new float[] {1}, 1)), Map.of()));
        StateDict tooLarge = StateDict.of(Map.of("a", HostTensor.ofFloats(new float[] {1e6f}, 1)), Map.of());
        assertThatThrownBy(() -> SafetensorsFile.write(file, tooLarge, FloatStorage.F16))
                .isInstanceOf(CheckpointException.class);
        try (StateDict back = SafetensorsFile.read(file)) {
            assertThat(back.toFloats("a")).containsExactly(1);
        }
        assertThat(folder.toFile().list()).containsExactly("kept.safetensors");
    }

    @Test
    void theMetadataNameIsNotATensorsName() {
        StateDict state = StateDict.of(Map.of("__metadata__", HostTensor.ofFloats(new float[] {1}, 1)), Map.of());
        assertThatThrownBy(() -> SafetensorsFile.write(folder.resolve("m.safetensors"), state))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("cannot be named __metadata__");
    }

    /// A reader of twelve lines that shares nothing with ours.
    private static final String READER = """
            import json, struct, sys
            data = open(sys.argv[1], 'rb').read()
            n, = struct.unpack('<Q', data[:8])
            assert (8 + n) % 8 == 0
            header = json.loads(data[8:8 + n])
            sys.stdout.reconfigure(encoding='utf-8')
            meta = header.pop('__metadata__')
            for name, t in header.items():
                b, e = t['data_offsets']
                print(name, t['dtype'], str(t['shape']).replace(' ', ''), data[8 + n + b:8 + n + e].hex())
            print(json.dumps(meta, sort_keys=True))
            """;

    @Test
    void anIndependentReaderFindsTheSameTensors() throws Exception {
        StateDict state = everyType(11);
        Path file = folder.resolve("ours.safetensors");
        SafetensorsFile.write(file, state);
        String output = Python.any().run(READER, file.toString());
        assertThat(output.strip())
                .isEqualTo(listing(state) + "\n"
                        + "{\"layout\": \"terrachange-v1\", \"note\": \"\\\"quoted\\\" \\u00e9\\n\"}");
    }
}
