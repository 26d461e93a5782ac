package org.terrachange.data.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/// A dataset of unsigned bytes that grows by one sample at a time. See [Hdf5Writer#addDataset].
public final class ChunkedBytes {
    /// h5py's own default: higher levels gain two or three per cent on photographs for twice the time.
    private static final int LEVEL = 4;
    /// Half the children of a node of the tree over the chunks; superblock version 0 leaves no choice.
    private static final int CHUNK_K = 32;

    private final Hdf5Writer file;
    private final int[] sampleShape;
    private final int sampleBytes;
    private final Deflater deflater = new Deflater(LEVEL);
    private byte[] packed = new byte[1 << 16];
    private long[] addresses = new long[1024];
    private int[] sizes = new int[1024];
    private int count;

    ChunkedBytes(Hdf5Writer file, int[] sampleShape) {
        this.file = file;
        this.sampleShape = sampleShape;
        int bytes = 1;
        for (int axis : sampleShape) {
            if (axis < 1) {
                throw new IllegalArgumentException(
                        "every axis of a sample has a length of at least 1, got " + Arrays.toString(sampleShape));
            }
            bytes = Math.multiplyExact(bytes, axis);
        }
        sampleBytes = bytes;
    }

    /// Adds the next sample.
    ///
    /// @param sample row-major, of the shape given to [Hdf5Writer#addDataset]
    public void append(byte[] sample) throws IOException {
        if (sample.length != sampleBytes) {
            throw new IllegalArgumentException("a sample of " + sample.length + " bytes does not fill "
                    + Arrays.toString(sampleShape) + ", which takes " + sampleBytes);
        }
        deflater.reset();
        deflater.setInput(sample);
        deflater.finish();
        int length = 0;
        while (!deflater.finished()) {
            if (length == packed.length) {
                packed = Arrays.copyOf(packed, packed.length * 2);
            }
            length += deflater.deflate(packed, length, packed.length - length);
        }
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
        }
        addresses[count] = file.append(packed, length);
        sizes[count] = length;
        count++;
    }

    /// The number of samples so far.
    public int count() {
        return count;
    }

    /// Writes the tree over the chunks and gives the header that describes the dataset.
    byte[] objectHeader() throws IOException {
        int rank = sampleShape.length + 1;
        long[] axes = new long[rank];
        int[] chunk = new int[rank];
        axes[0] = count;
        chunk[0] = 1;
        for (int i = 1; i < rank; i++) {
            axes[i] = sampleShape[i - 1];
            chunk[i] = sampleShape[i - 1];
        }
        return Message.objectHeader(List.of(
                Message.ofDataspace(axes),
                Message.ofDatatype(Message.UNSIGNED_8_BIT),
                Message.fillValue(),
                Message.chunkedLayout(tree(), chunk),
                Message.deflate(LEVEL)));
    }

    /// III.A.1, Version 1 B-trees, with nodes of type 1. The chunks are in order, so the tree is built from
    /// full leaves upwards.
    ///
    /// @return the address of the root, or that of no tree at all where there is no chunk
    private long tree() throws IOException {
        if (count == 0) {
            return -1;
        }
        long[] children = Arrays.copyOf(addresses, count);
        int span = 1;
        for (int level = 0; ; level++) {
            int nodes = (children.length + 2 * CHUNK_K - 1) / (2 * CHUNK_K);
            long[] parents = new long[nodes];
            // The size of a node is a multiple of eight, so that nodes written in a row are neighbours.
            int bytes = 24 + (2 * CHUNK_K + 1) * keyBytes() + 2 * CHUNK_K * 8;
            for (int i = 0; i < nodes; i++) {
                int from = i * 2 * CHUNK_K;
                int used = Math.min(2 * CHUNK_K, children.length - from);
                ByteBuffer node = Message.little(bytes)
                        .put("TREE".getBytes(StandardCharsets.US_ASCII))
                        .put((byte) 1)
                        .put((byte) level)
                        .putShort((short) used)
                        .putLong(i == 0 ? -1 : parents[i - 1])
                        .putLong(i == nodes - 1 ? -1 : i == 0 ? file.end() + bytes : parents[i - 1] + 2L * bytes);
                for (int child = from; child < from + used; child++) {
                    key(node, child * span);
                    node.putLong(children[child]);
                }
                key(node, Math.min(count, (from + used) * span));
                parents[i] = file.append(node.array());
            }
            if (nodes == 1) {
                return parents[0];
            }
            children = parents;
            span *= 2 * CHUNK_K;
        }
    }

    private int keyBytes() {
        return 8 + 8 * (sampleShape.length + 2);
    }

    /// The key of a chunk; the one after the last bounds the tree, and lies beyond it on every axis.
    private void key(ByteBuffer node, int chunk) {
        boolean beyond = chunk == count;
        node.putInt(beyond ? 0 : sizes[chunk]).putInt(0).putLong(chunk);
        for (int axis : sampleShape) {
            node.putLong(beyond ? axis : 0);
        }
        node.putLong(beyond ? 1 : 0);
    }

    void release() {
        deflater.close();
    }
}
