package org.terrachange.nn.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads and writes safetensors files: eight bytes of header length, a JSON header of names, types, shapes and
/// offsets, then the tensors' bytes back to back.
///
/// The rules are those of the format's description and its reference implementation
/// (<https://github.com/huggingface/safetensors>): a header of at most 100 MB that begins with `{` and is
/// padded with spaces, no name twice, offsets that cover the whole buffer without hole or overlap,
/// `__metadata__` of text only.
public final class SafetensorsFile {
    static final long LARGEST_HEADER = 100_000_000;

    /// Ending of a file that is being written.
    private static final String PARTIAL = ".partial";

    private static final int LENGTH_BYTES = 8;
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_ELEMENTS = 1 << 16;
    private static final String METADATA = "__metadata__";
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private SafetensorsFile() {}

    /// How [#write] stores floating-point tensors. Integers and truth values are always stored as they are.
    public enum FloatStorage {
        AS_GIVEN(null),
        F32(ElementType.F32),
        F16(ElementType.F16),
        BF16(ElementType.BF16);

        private final @Nullable ElementType type;

        FloatStorage(@Nullable ElementType type) {
            this.type = type;
        }

        private ElementType typeFor(HostTensor tensor) {
            return type == null || !tensor.type().isFloating() ? tensor.type() : type;
        }
    }

    /// Opens a file. Its tensors are windows onto the mapped file, in the order of the header.
    ///
    /// @throws CheckpointException where the file breaks a rule of the format, or holds an element type that
    ///     [ElementType] does not have
    public static StateDict read(Path file) throws IOException {
        Arena memory = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < LENGTH_BYTES + 2) {
                throw new CheckpointException(file, "is cut off: " + size + " bytes cannot hold a safetensors header");
            }
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, memory);
            long headerLength = mapped.get(U64, 0);
            if (headerLength < 0 || headerLength > LARGEST_HEADER) {
                throw new CheckpointException(
                        file,
                        "has a safetensors header of " + Long.toUnsignedString(headerLength)
                                + " bytes; the format allows " + LARGEST_HEADER);
            }
            if (headerLength > size - LENGTH_BYTES) {
                throw new CheckpointException(
                        file,
                        "is cut off: its header takes " + headerLength + " bytes but the file has only " + size
                                + "; copy or download it again");
            }
            byte[] header = mapped.asSlice(LENGTH_BYTES, headerLength).toArray(ValueLayout.JAVA_BYTE);
            Header parsed = new HeaderReader(file).read(header);
            MemorySegment buffer = mapped.asSlice(LENGTH_BYTES + headerLength);
            requireGapless(file, parsed.entries(), buffer.byteSize());
            Map<String, HostTensor> tensors =
                    LinkedHashMap.newLinkedHashMap(parsed.entries().size());
            for (Entry entry : parsed.entries()) {
                tensors.put(
                        entry.name(),
                        new HostTensor(
                                entry.type(),
                                entry.shape(),
                                buffer.asSlice(entry.begin(), entry.end() - entry.begin())));
            }
            return StateDict.owning(memory, file, tensors, parsed.metadata());
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /// A tensor as the header describes it; offsets are bytes from the end of the header.
    private record Entry(String name, ElementType type, List<Long> shape, long begin, long end) {}

    private record Header(List<Entry> entries, Map<String, String> metadata) {}

    private static void requireGapless(Path file, List<Entry> entries, long bufferSize) throws CheckpointException {
        List<Entry> byOffset = new ArrayList<>(entries);
        byOffset.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long expected = 0;
        for (Entry entry : byOffset) {
            String name = CheckpointException.quoted(entry.name());
            if (entry.begin() != expected) {
                throw new CheckpointException(
                        file,
                        "tensor " + name + " begins at byte " + entry.begin() + " where " + expected + " is next: "
                                + (entry.begin() < expected ? "tensors overlap" : "there is a hole"));
            }
            if (entry.end() > bufferSize) {
                throw new CheckpointException(
                        file,
                        "is cut off: tensor " + name + " ends at byte " + entry.end() + " of " + bufferSize
                                + "; copy or download it again");
            }
            expected = entry.end();
        }
        if (expected != bufferSize) {
            throw new CheckpointException(
                    file, "has " + (bufferSize - expected) + " bytes after its last tensor that no tensor owns");
        }
    }

    /// Reads the JSON header token by token, so that a long header costs no tree in memory.
    private record HeaderReader(Path file) {
        Header read(byte[] json) throws CheckpointException {
            if (json.length == 0 || json[0] != '{') {
                throw broken("does not begin with '{'");
            }
            List<Entry> entries = new ArrayList<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
                parser.nextToken();
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    parser.nextToken();
                    if (name.equals(METADATA)) {
                        readMetadata(parser, metadata);
                    } else {
                        entries.add(readEntry(parser, name));
                    }
                }
                if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                    throw broken("goes on after its closing '}'");
                }
            } catch (JacksonException e) {
                throw new CheckpointException(
                        file,
                        "has a broken safetensors header: " + CheckpointException.quoted(e.getOriginalMessage()),
                        e);
            }
            return new Header(entries, metadata);
        }

        private void readMetadata(JsonParser parser, Map<String, String> metadata) throws CheckpointException {
            require(parser, JsonToken.START_OBJECT, METADATA);
            for (String key = parser.nextName(); key != null; key = parser.nextName()) {
                parser.nextToken();
                require(parser, JsonToken.VALUE_STRING, METADATA + " value " + key);
                metadata.put(key, parser.getString());
            }
        }

        private Entry readEntry(JsonParser parser, String name) throws CheckpointException {
            require(parser, JsonToken.START_OBJECT, "tensor " + name);
            ElementType type = null;
            List<Long> shape = null;
            List<Long> offsets = null;
            for (String key = parser.nextName(); key != null; key = parser.nextName()) {
                parser.nextToken();
                switch (key) {
                    case "dtype" -> {
                        require(parser, JsonToken.VALUE_STRING, "dtype of " + name);
                        type = elementType(name, parser.getString());
                    }
                    case "shape" -> shape = readSizes(parser, "shape of " + name);
                    case "data_offsets" -> offsets = readSizes(parser, "data_offsets of " + name);
                    default -> parser.skipChildren();
                }
            }
            if (type == null || shape == null || offsets == null || offsets.size() != 2) {
                throw broken("does not give dtype, shape and two data_offsets of tensor " + name);
            }
            long begin = offsets.getFirst();
            long end = offsets.getLast();
            try {
                long bytes = HostTensor.byteSize(type, shape);
                if (end - begin != bytes) {
                    throw broken("gives tensor " + name + " " + (end - begin) + " bytes, but " + type + " " + shape
                            + " takes " + bytes);
                }
            } catch (IllegalArgumentException e) {
                throw broken("is wrong about tensor " + name + ": " + e.getMessage());
            }
            return new Entry(name, type, shape, begin, end);
        }

        private ElementType elementType(String name, String dtype) throws CheckpointException {
            return Arrays.stream(ElementType.values())
                    .filter(type -> type.name().equals(dtype))
                    .findFirst()
                    .orElseThrow(() -> new CheckpointException(
                            file,
                            CheckpointException.quoted("tensor " + name + " holds " + dtype)
                                    + ", which is not read here; convert it to one of "
                                    + Arrays.stream(ElementType.values())
                                            .map(ElementType::name)
                                            .collect(Collectors.joining(", "))));
        }

        private List<Long> readSizes(JsonParser parser, String what) throws CheckpointException {
            require(parser, JsonToken.START_ARRAY, what);
            List<Long> sizes = new ArrayList<>(4);
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                require(parser, JsonToken.VALUE_NUMBER_INT, what);
                long size = parser.getLongValue();
                if (size < 0) {
                    throw broken("has a negative " + what);
                }
                sizes.add(size);
            }
            return sizes;
        }

        private void require(JsonParser parser, JsonToken expected, String what) throws CheckpointException {
            if (parser.currentToken() != expected) {
                throw broken("has " + parser.currentToken() + " where " + what + " should be " + expected);
            }
        }

        private CheckpointException broken(String problem) {
            return new CheckpointException(
                    file, "has a broken safetensors header: it " + CheckpointException.quoted(problem));
        }
    }

    /// Writes every tensor in its own type. See [#write(Path, StateDict, FloatStorage)].
    public static void write(Path file, StateDict state) throws IOException {
        write(file, state, FloatStorage.AS_GIVEN);
    }

    /// Writes a file in the order of `state` ([StateDict#sortedByName()] for the order of names), metadata
    /// included. The file appears under its name only when it is complete, and replaces an earlier one.
    /// Tensors pass through a buffer of half a megabyte, so that writing needs no second copy of the network.
    ///
    /// @throws CheckpointException where a tensor is named `__metadata__`, the header passes 100 MB, or a finite
    ///     number is too large for `floats`
    public static void write(Path file, StateDict state, FloatStorage floats) throws IOException {
        byte[] header = header(file, state, floats);
        Path target = file.toAbsolutePath();
        Path partial = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + PARTIAL);
        try {
            try (FileChannel channel =
                            FileChannel.open(partial, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                    Arena buffers = Arena.ofConfined()) {
                writeFully(
                        channel,
                        ByteBuffer.allocate(LENGTH_BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(0, header.length));
                writeFully(channel, ByteBuffer.wrap(header));
                MemorySegment buffer = buffers.allocate((long) CHUNK_ELEMENTS * Long.BYTES);
                for (Map.Entry<String, HostTensor> entry : state.tensors().entrySet()) {
                    HostTensor tensor = entry.getValue();
                    ElementType type = floats.typeFor(tensor);
                    if (type == tensor.type()) {
                        copy(tensor.data(), buffer, channel);
                    } else {
                        convert(file, entry.getKey(), tensor, type, buffer, channel);
                    }
                }
                channel.force(true);
            }
            moveIntoPlace(partial, target);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /// Deletes what writers that were killed left in a folder. Nobody may be writing there.
    public static void deletePartials(Path folder) throws IOException {
        try (DirectoryStream<Path> partials = Files.newDirectoryStream(folder, "*.safetensors.*" + PARTIAL)) {
            for (Path partial : partials) {
                Files.deleteIfExists(partial);
            }
        }
    }

    private static byte[] header(Path file, StateDict state, FloatStorage floats) throws CheckpointException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            generator.writeStartObject();
            if (!state.metadata().isEmpty()) {
                generator.writeName(METADATA);
                generator.writeStartObject();
                state.metadata().forEach(generator::writeStringProperty);
                generator.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, HostTensor> entry : state.tensors().entrySet()) {
                if (entry.getKey().equals(METADATA)) {
                    throw new CheckpointException(file, "a tensor cannot be named " + METADATA);
                }
                HostTensor tensor = entry.getValue();
                ElementType type = floats.typeFor(tensor);
                long end = offset + HostTensor.byteSize(type, tensor.shape());
                generator.writeName(entry.getKey());
                generator.writeStartObject();
                generator.writeStringProperty("dtype", type.name());
                generator.writeName("shape");
                writeSizes(generator, tensor.shape());
                generator.writeName("data_offsets");
                writeSizes(generator, List.of(offset, end));
                generator.writeEndObject();
                offset = end;
            }
            generator.writeEndObject();
        }
        while ((LENGTH_BYTES + json.size()) % ALIGNMENT != 0) {
            json.write(' ');
        }
        if (json.size() > LARGEST_HEADER) {
            throw new CheckpointException(
                    file, "would need a header of " + json.size() + " bytes; safetensors allows " + LARGEST_HEADER);
        }
        return json.toByteArray();
    }

    private static void writeSizes(JsonGenerator generator, List<Long> sizes) {
        generator.writeStartArray();
        for (long size : sizes) {
            generator.writeNumber(size);
        }
        generator.writeEndArray();
    }

    private static void copy(MemorySegment data, MemorySegment buffer, FileChannel channel) throws IOException {
        for (long at = 0; at < data.byteSize(); at += buffer.byteSize()) {
            long count = Math.min(buffer.byteSize(), data.byteSize() - at);
            MemorySegment.copy(data, at, buffer, 0, count);
            writeFully(channel, buffer.asSlice(0, count).asByteBuffer());
        }
    }

    private static void convert(
            Path file, String name, HostTensor tensor, ElementType type, MemorySegment buffer, FileChannel channel)
            throws IOException {
        float[] values = new float[(int) Math.min(CHUNK_ELEMENTS, tensor.elements())];
        for (long at = 0; at < tensor.elements(); at += values.length) {
            int count = (int) Math.min(values.length, tensor.elements() - at);
            FloatFormat.read(tensor.type(), tensor.data(), at, values, count);
            FloatFormat.write(type, values, count, buffer);
            for (int i = 0; i < count; i++) {
                double given = FloatFormat.value(tensor.type(), tensor.data(), at + i);
                if (Double.isFinite(given) && !Double.isFinite(FloatFormat.value(type, buffer, i))) {
                    throw new CheckpointException(
                            file,
                            "tensor " + name + " holds " + given + ", which is too large for " + type
                                    + "; store a wider type");
                }
            }
            writeFully(channel, buffer.asSlice(0, (long) count * type.bytes()).asByteBuffer());
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void moveIntoPlace(Path partial, Path target) throws IOException {
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
