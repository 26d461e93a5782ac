package org.terrachange.data.hdf5;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes one HDF5 file of unsigned bytes: datasets in the root group, each `[n, ...]`, one chunk a sample,
/// compressed with deflate, and attributes of the root group. How many samples there will be need not be known
/// beforehand: a sample goes to the disk as it is appended, and only the place of each chunk is kept in memory (12
/// bytes). The libraries that write HDF5 from Java want a whole dataset in memory.
///
/// The file keeps to the oldest form of the format, which every HDF5 library reads: superblock version 0, object
/// headers version 1, a symbol table for the root group, version 1 B-trees over the chunks. Section numbers in the
/// code are those of the HDF5 File Format Specification, version 3.0.
///
/// The chunks come first, the structure after them, and the superblock is written last, over zeros: a file that
/// was not finished is no HDF5 file to any reader. Write to a temporary name nevertheless.
public final class Hdf5Writer implements Closeable {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    private static final int SUPERBLOCK_BYTES = 96;
    private static final long UNDEFINED = -1;
    /// Half the datasets that the one symbol table node of the root group holds.
    private static final int LEAF_K = 4;
    /// Half the children of a B-tree node of a group.
    private static final int INTERNAL_K = 16;

    private final FileChannel channel;
    private final Map<String, ChunkedBytes> datasets = new LinkedHashMap<>();
    private final List<Message> attributes = new ArrayList<>();
    private long end = SUPERBLOCK_BYTES;

    private Hdf5Writer(FileChannel channel) {
        this.channel = channel;
    }

    /// Begins a file; one that exists is overwritten.
    public static Hdf5Writer create(Path file) throws IOException {
        return new Hdf5Writer(FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
    }

    /// Adds a dataset of unsigned bytes.
    ///
    /// @param sampleShape lengths of all axes but the first
    /// @throws IllegalArgumentException if the name is taken or the file has eight datasets already
    public ChunkedBytes addDataset(String name, int... sampleShape) {
        if (datasets.size() == 2 * LEAF_K) {
            throw new IllegalArgumentException("this writer puts at most " + 2 * LEAF_K + " datasets into a file");
        }
        ChunkedBytes dataset = new ChunkedBytes(this, sampleShape.clone());
        if (datasets.putIfAbsent(name, dataset) != null) {
            throw new IllegalArgumentException("the file has a dataset " + name + " already");
        }
        return dataset;
    }

    /// Adds a 64-bit number to the attributes of the root group.
    public void putAttribute(String name, long value) {
        attributes.add(Message.attribute(
                name,
                Message.SIGNED_64_BIT,
                Message.little(Long.BYTES).putLong(value).array()));
    }

    /// Adds a text to the attributes of the root group, of fixed length in UTF-8.
    public void putAttribute(String name, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        byte[] terminated = java.util.Arrays.copyOf(text, text.length + 1);
        attributes.add(Message.attribute(name, Message.text(terminated.length), terminated));
    }

    /// Writes the structure. The file is complete after this, and nothing more can be added.
    public void finish() throws IOException {
        // The entries of a symbol table are sorted by name.
        Map<String, Long> headers = new java.util.TreeMap<>();
        for (Map.Entry<String, ChunkedBytes> dataset : datasets.entrySet()) {
            headers.put(dataset.getKey(), append(dataset.getValue().objectHeader()));
        }
        // III.D, Local Heaps: the names, after an empty one at offset 0.
        Map<String, Integer> names = new LinkedHashMap<>();
        int heapBytes = 8;
        for (String name : headers.keySet()) {
            names.put(name, heapBytes);
            heapBytes += Message.padded(name.getBytes(StandardCharsets.UTF_8).length + 1);
        }
        ByteBuffer segment = Message.little(heapBytes);
        names.forEach((name, offset) -> segment.put(offset, name.getBytes(StandardCharsets.UTF_8)));
        long segmentAt = append(segment.array());
        long heapAt = append(Message.little(32)
                .put("HEAP".getBytes(StandardCharsets.US_ASCII))
                .putInt(0)
                .putLong(heapBytes)
                .putLong(1) // no free block
                .putLong(segmentAt)
                .array());
        // III.C, Symbol Table Entry.
        ByteBuffer symbols = Message.little(8 + 2 * LEAF_K * 40)
                .put("SNOD".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) headers.size());
        headers.forEach((name, address) -> symbols.putLong(names.getOrDefault(name, 0))
                .putLong(address)
                .putLong(0)
                .putLong(0)
                .putLong(0));
        long symbolsAt = append(symbols.array());
        // III.A.1, Version 1 B-trees, with nodes of type 0.
        long treeAt = append(Message.little(24 + (2 * INTERNAL_K + 1) * 8 + 2 * INTERNAL_K * 8)
                .put("TREE".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0)
                .put((byte) 0)
                .putShort((short) 1)
                .putLong(UNDEFINED)
                .putLong(UNDEFINED)
                .putLong(0)
                .putLong(symbolsAt)
                .putLong(names.values().stream()
                        .mapToInt(Integer::intValue)
                        .max()
                        .orElse(0))
                .array());
        List<Message> root = new ArrayList<>();
        root.add(Message.symbolTable(treeAt, heapAt));
        root.addAll(attributes);
        long rootAt = append(Message.objectHeader(root));
        // II.A, Format Signature and Superblock.
        ByteBuffer superblock = Message.little(SUPERBLOCK_BYTES)
                .put(SIGNATURE)
                .put(new byte[] {0, 0, 0, 0, 0, Long.BYTES, Long.BYTES, 0})
                .putShort((short) LEAF_K)
                .putShort((short) INTERNAL_K)
                .putInt(0)
                .putLong(0)
                .putLong(UNDEFINED)
                .putLong(end)
                .putLong(UNDEFINED)
                .putLong(0)
                .putLong(rootAt)
                .putInt(1) // the addresses of the root group's tree and heap follow
                .putInt(0)
                .putLong(treeAt)
                .putLong(heapAt);
        write(superblock.array(), superblock.capacity(), 0);
    }

    /// Where the next [#append] will write.
    long end() {
        return end;
    }

    /// Writes bytes at the end of the file, on an address that eight divides.
    ///
    /// @return the address
    long append(byte[] bytes) throws IOException {
        return append(bytes, bytes.length);
    }

    /// Writes the first `count` bytes in the same way.
    long append(byte[] bytes, int count) throws IOException {
        long at = end;
        write(bytes, count, at);
        long after = at + count;
        end = (after + 7) / 8 * 8;
        if (end > after) {
            write(new byte[8], (int) (end - after), after);
        }
        return at;
    }

    private void write(byte[] bytes, int count, long position) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        long at = position;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
    }

    /// Closes the file, finished or not.
    @Override
    public void close() throws IOException {
        datasets.values().forEach(ChunkedBytes::release);
        channel.close();
    }
}
