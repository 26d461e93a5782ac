package org.terrachange.search.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.data.retrieval.RetrievalExample;
import org.terrachange.nn.tensor.Precision;

/// What a frozen trunk said of every view of every pair, in a file that is mapped into memory: pair by pair, in
/// each all turns, in each all colourings, and of each the earlier image, then the later one, in the native
/// byte order.
final class TrunkFile implements AutoCloseable {
    private final Layout layout;
    private final Arena arena;
    private final MemorySegment values;

    /// How a file is laid out.
    ///
    /// @param pairs number of pairs
    /// @param turns in which each is laid
    /// @param colourings of each turn
    /// @param shape of what the trunk says of one image
    /// @param precision that it is kept in, that in which the trunk computes
    record Layout(int pairs, int turns, int colourings, List<Long> shape, Precision precision) {

        /// Bytes that one image takes.
        long imageBytes() {
            return shape.stream().reduce(1L, Math::multiplyExact)
                    * switch (precision) {
                        case FP32 -> Float.BYTES;
                        case BF16 -> Short.BYTES;
                    };
        }

        /// Views of pairs.
        long views() {
            return (long) pairs * turns * colourings;
        }

        /// Bytes of the file.
        long bytes() {
            return Math.multiplyExact(views(), 2 * imageBytes());
        }

        /// Which view in the file an example shows.
        long index(RetrievalExample example) {
            return ((long) example.pair() * turns + example.view().turn()) * colourings
                    + example.view().colours();
        }
    }

    /// Maps a complete file.
    ///
    /// @throws IOException if it cannot be read or has another size
    TrunkFile(Path file, Layout layout) throws IOException {
        this.layout = layout;
        arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != layout.bytes()) {
                throw new IOException(file + " has " + channel.size() + " bytes in place of " + layout.bytes()
                        + "; delete it, and it is recorded again");
            }
            values = channel.map(FileChannel.MapMode.READ_ONLY, 0, layout.bytes(), arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// What the trunk said of some examples.
    ///
    /// @return `[2 n, ...]`, all earlier images, then all later ones, on the processor; belongs to the caller's
    ///     pointer scope
    Tensor read(List<RetrievalExample> examples) {
        int n = examples.size();
        long[] shape = new long[layout.shape().size() + 1];
        shape[0] = 2L * n;
        for (int i = 1; i < shape.length; i++) {
            shape[i] = layout.shape().get(i - 1);
        }
        Tensor trunk = torch.empty(
                shape,
                new TensorOptions(layout.precision().scalarType()),
                new org.bytedeco.pytorch.MemoryFormatOptional());
        long image = layout.imageBytes();
        MemorySegment to = MemorySegment.ofAddress(trunk.data_ptr().address()).reinterpret(2 * n * image);
        for (int i = 0; i < n; i++) {
            long at = layout.index(examples.get(i)) * 2 * image;
            MemorySegment.copy(values, at, to, i * image, image);
            MemorySegment.copy(values, at + image, to, (n + i) * image, image);
        }
        return trunk;
    }

    @Override
    public void close() {
        arena.close();
    }
}
