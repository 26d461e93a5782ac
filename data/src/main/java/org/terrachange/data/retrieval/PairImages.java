package org.terrachange.data.retrieval;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.FixedPoint;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.pairs.DatasetException;

/// The images of one split of a captioned data set, opened for reading by sample, without what is said of them.
/// [RetrievalSet] adds that.
///
/// Safe to read from several threads at once. Must be closed.
final class PairImages implements Closeable {
    static final String IMAGES_BEFORE = "images_a";
    static final String IMAGES_AFTER = "images_b";
    static final String COUNT = "num_samples";

    private static final long MOST_SAMPLE_BYTES = 1L << 28;
    /// What packing may add to an image of a few pixels.
    private static final int MOST_GROWTH = 1 << 16;

    private static final String DAMAGED = "is damaged; write it anew with terrachange retrieval prepare";

    private final Path file;
    private final HdfFile hdf5;
    private final Dataset before;
    private final Dataset after;
    private final int[] axes;

    private PairImages(Path file, HdfFile hdf5, Dataset before, Dataset after, int[] axes) {
        this.file = file;
        this.hdf5 = hdf5;
        this.before = before;
        this.after = after;
        this.axes = axes;
    }

    /// Opens an HDF5 file and checks that it is whole: both image datasets are unsigned bytes `[n, height, width, 3]`,
    /// and n is what `num_samples` says.
    ///
    /// @throws DatasetException if anything of that does not hold; the message names the file and what to do
    static PairImages open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file, "does not exist; write it with terrachange retrieval prepare");
        }
        HdfFile hdf5 = readOrRefuse(
                file,
                "is no HDF5 file, or was cut short; write it anew with terrachange retrieval prepare",
                () -> new HdfFile(file));
        try {
            return checked(file, hdf5);
        } catch (IOException | RuntimeException e) {
            hdf5.close();
            throw e;
        }
    }

    private static PairImages checked(Path file, HdfFile hdf5) throws IOException {
        long stated = readOrRefuse(
                file, DAMAGED, () -> hdf5.getHdfBackingStorage().getSuperblock().getEndOfFileAddress());
        if (stated > Files.size(file)) {
            throw new DatasetException(
                    file,
                    "was cut short: it has " + Files.size(file) + " bytes of " + stated
                            + "; copy it again or write it anew with terrachange retrieval prepare");
        }
        Dataset before = readOrRefuse(file, DAMAGED, () -> dataset(hdf5, IMAGES_BEFORE));
        Dataset after = readOrRefuse(file, DAMAGED, () -> dataset(hdf5, IMAGES_AFTER));
        int[] axes = axes(file, IMAGES_BEFORE, before);
        int[] others = axes(file, IMAGES_AFTER, after);
        if (!Arrays.equals(axes, others)) {
            throw new DatasetException(
                    file,
                    IMAGES_BEFORE + " has the shape " + Arrays.toString(axes) + " and " + IMAGES_AFTER + " "
                            + Arrays.toString(others) + "; every sample needs both images");
        }
        Optional<String> count = readOrRefuse(file, DAMAGED, () -> attribute(hdf5, COUNT));
        if (count.isEmpty() || !count.get().equals(Integer.toString(axes[0]))) {
            throw new DatasetException(
                    file,
                    (count.isEmpty() ? "has no attribute " + COUNT : COUNT + " is " + count.get()) + ", but "
                            + IMAGES_BEFORE + " holds " + axes[0]
                            + " images; write the file anew with terrachange retrieval prepare");
        }
        return new PairImages(file, hdf5, before, after, axes);
    }

    private static @Nullable Dataset dataset(HdfFile file, String name) {
        Node node = file.getChildren().get(name);
        return node instanceof Dataset dataset ? dataset : null;
    }

    private static int[] axes(Path file, String name, @Nullable Dataset dataset) throws DatasetException {
        if (dataset == null) {
            throw new DatasetException(
                    file,
                    "has no dataset " + name + "; expected " + IMAGES_BEFORE + " and " + IMAGES_AFTER
                            + ", as terrachange retrieval prepare writes them");
        }
        long[] axes = dataset.getDimensionsAsLong();
        boolean bytes =
                dataset.getDataType() instanceof FixedPoint number && number.getSize() == 1 && !number.isSigned();
        boolean shape = axes.length == 4
                && axes[0] >= 1
                && axes[0] < Integer.MAX_VALUE
                && axes[3] == 3
                && axes[1] >= 1
                && axes[2] >= 1
                && axes[1] <= MOST_SAMPLE_BYTES
                && axes[2] <= MOST_SAMPLE_BYTES / (3 * axes[1]);
        if (!bytes || !shape) {
            throw new DatasetException(
                    file,
                    name + " holds " + dataset.getDataType().getClass().getSimpleName() + " of "
                            + dataset.getDataType().getSize() + " bytes in the shape " + Arrays.toString(axes)
                            + "; expected unsigned bytes [n, height, width, 3]");
        }
        return Arrays.stream(axes).mapToInt(Math::toIntExact).toArray();
    }

    /// The library throws unchecked exceptions of many kinds on damaged files, and allocates what they ask for: an
    /// impossible size fails at once and leaves the heap as it was.
    private static <T extends @Nullable Object> T readOrRefuse(Path file, String problem, Supplier<T> read)
            throws DatasetException {
        try {
            return read.get();
        } catch (RuntimeException | OutOfMemoryError e) {
            DatasetException refusal = new DatasetException(file, problem);
            refusal.initCause(e);
            throw refusal;
        }
    }

    /// What the file states under a name, as text.
    ///
    /// @throws DatasetException if it is damaged there
    Optional<String> attribute(String name) throws DatasetException {
        return readOrRefuse(file, DAMAGED, () -> attribute(hdf5, name));
    }

    private static Optional<String> attribute(HdfFile file, String name) {
        Attribute attribute = file.getAttributes().get(name);
        if (attribute == null) {
            return Optional.empty();
        }
        Object value = attribute.getData();
        boolean single = value.getClass().isArray() && Array.getLength(value) == 1;
        return Optional.of(String.valueOf(single ? Array.get(value, 0) : value));
    }

    /// The HDF5 file.
    Path file() {
        return file;
    }

    /// The number of pairs.
    int size() {
        return axes[0];
    }

    /// Rows of every image.
    int height() {
        return axes[1];
    }

    /// Columns of every image.
    int width() {
        return axes[2];
    }

    /// The image of the earlier date.
    ///
    /// @throws DatasetException if the file is damaged there
    RgbImage before(int index) throws IOException {
        return image(before, IMAGES_BEFORE, index);
    }

    /// The image of the later date.
    ///
    /// @throws DatasetException if the file is damaged there
    RgbImage after(int index) throws IOException {
        return image(after, IMAGES_AFTER, index);
    }

    private RgbImage image(Dataset images, String name, int index) throws DatasetException {
        Objects.checkIndex(index, size());
        int bytes = axes[1] * axes[2] * 3;
        byte[] pixels = readOrRefuse(
                file,
                name + " is damaged at sample " + index + "; copy the file again or write it anew",
                () -> pixels(images, index));
        if (pixels.length != bytes) {
            throw new DatasetException(
                    file, name + " has " + pixels.length + " bytes at sample " + index + " in place of " + bytes);
        }
        return RgbImage.ofInterleaved(width(), height(), pixels);
    }

    private byte[] pixels(Dataset images, int index) {
        int[] sample = {1, axes[1], axes[2], 3};
        if (images instanceof ChunkedDataset chunked && Arrays.equals(chunked.getChunkDimensions(), sample)) {
            int[] chunk = {index, 0, 0, 0};
            int packed = chunked.getRawChunkBuffer(chunk).remaining();
            if (packed > MOST_GROWTH + 2L * axes[1] * axes[2] * 3) {
                throw new IllegalStateException("a chunk of " + packed + " bytes holds no such image");
            }
            return chunked.getDecompressedChunk(chunk);
        }
        byte[] pixels = new byte[axes[1] * axes[2] * 3];
        flatten(images.getData(new long[] {index, 0, 0, 0}, sample), pixels, 0);
        return pixels;
    }

    /// Copies nested arrays of numbers, row-major.
    ///
    /// @return where the next number goes
    private static int flatten(Object numbers, byte[] to, int at) {
        int next = at;
        switch (numbers) {
            case Object[] parts -> {
                for (Object part : parts) {
                    next = flatten(part, to, next);
                }
            }
            case byte[] row -> {
                System.arraycopy(row, 0, to, next, row.length);
                next += row.length;
            }
            case int[] row -> {
                for (int value : row) {
                    to[next++] = (byte) value;
                }
            }
            default -> throw new IllegalStateException("unexpected numbers: " + numbers.getClass());
        }
        return next;
    }

    @Override
    public void close() {
        hdf5.close();
    }
}
