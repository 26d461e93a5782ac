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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.pairs.DatasetException;

/// One split of a captioned data set, opened for reading by sample: what [RetrievalWriter] wrote, or files of the
/// same layout from elsewhere (any chunking and any of deflate, shuffle, LZF and LZ4 filters).
///
/// Safe to read from several threads at once. Must be closed.
public final class RetrievalSet implements Closeable {
    static final String IMAGES_BEFORE = "images_a";
    static final String IMAGES_AFTER = "images_b";
    static final String COUNT = "num_samples";
    static final String DATASET = "dataset";
    static final String SPLIT = "split";
    static final String FINGERPRINT = "fingerprint";

    private static final long MOST_SAMPLE_BYTES = 1L << 28;
    /// What packing may add to an image of a few pixels.
    private static final int MOST_GROWTH = 1 << 16;

    private final Path file;
    private final HdfFile hdf5;
    private final Dataset before;
    private final Dataset after;
    private final int[] axes;
    private final CaptionFile captions;

    private RetrievalSet(Path file, HdfFile hdf5, Dataset before, Dataset after, int[] axes, CaptionFile captions) {
        this.file = file;
        this.hdf5 = hdf5;
        this.before = before;
        this.after = after;
        this.axes = axes;
        this.captions = captions;
    }

    /// Opens a split and checks that both files are whole and belong together: both image datasets are unsigned
    /// bytes `[n, height, width, 3]`; n, `num_samples` and the number of captions are equal; and where both files
    /// carry them, so are the names of data set and split and the fingerprint.
    ///
    /// @throws DatasetException if anything of that does not hold; the message names the file and what to do
    public static RetrievalSet open(RetrievalFiles files) throws IOException {
        CaptionFile captions = CaptionFile.read(files.captions());
        Path file = files.images();
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file, "does not exist; write it with terrachange retrieval prepare");
        }
        HdfFile hdf5 = readOrRefuse(
                file,
                "is no HDF5 file, or was cut short; write it anew with terrachange retrieval prepare",
                () -> new HdfFile(file));
        try {
            return checked(file, hdf5, captions);
        } catch (IOException | RuntimeException e) {
            hdf5.close();
            throw e;
        }
    }

    /// Opens every data set of a folder that has this split.
    ///
    /// @throws DatasetException as [RetrievalFiles#find] and [#open] do; nothing stays open then
    public static List<RetrievalSet> openAll(Path imageFolder, Path captionFolder, String split) throws IOException {
        List<RetrievalSet> sets = new ArrayList<>();
        try {
            for (RetrievalFiles files : RetrievalFiles.find(imageFolder, captionFolder, split)) {
                sets.add(open(files));
            }
        } catch (IOException | RuntimeException e) {
            sets.forEach(RetrievalSet::close);
            throw e;
        }
        return List.copyOf(sets);
    }

    private static RetrievalSet checked(Path file, HdfFile hdf5, CaptionFile captions) throws IOException {
        String damaged = "is damaged; write it anew with terrachange retrieval prepare";
        long stated = readOrRefuse(
                file, damaged, () -> hdf5.getHdfBackingStorage().getSuperblock().getEndOfFileAddress());
        if (stated > Files.size(file)) {
            throw new DatasetException(
                    file,
                    "was cut short: it has " + Files.size(file) + " bytes of " + stated
                            + "; copy it again or write it anew with terrachange retrieval prepare");
        }
        Dataset before = readOrRefuse(file, damaged, () -> dataset(hdf5, IMAGES_BEFORE));
        Dataset after = readOrRefuse(file, damaged, () -> dataset(hdf5, IMAGES_AFTER));
        int[] axes = axes(file, IMAGES_BEFORE, before);
        int[] others = axes(file, IMAGES_AFTER, after);
        if (!Arrays.equals(axes, others)) {
            throw new DatasetException(
                    file,
                    IMAGES_BEFORE + " has the shape " + Arrays.toString(axes) + " and " + IMAGES_AFTER + " "
                            + Arrays.toString(others) + "; every sample needs both images");
        }
        Optional<String> count = readOrRefuse(file, damaged, () -> attribute(hdf5, COUNT));
        if (count.isEmpty() || !count.get().equals(Integer.toString(axes[0]))) {
            throw new DatasetException(
                    file,
                    (count.isEmpty() ? "has no attribute " + COUNT : COUNT + " is " + count.get()) + ", but "
                            + IMAGES_BEFORE + " holds " + axes[0]
                            + " images; write the file anew with terrachange retrieval prepare");
        }
        for (String key : List.of(DATASET, SPLIT)) {
            requireSame(file, captions, key, readOrRefuse(file, damaged, () -> attribute(hdf5, key)));
        }
        if (captions.samples().size() != axes[0]) {
            throw new DatasetException(
                    captions.file(),
                    "has captions for " + captions.samples().size() + " pairs, but " + file + " holds " + axes[0]
                            + "; use the captions that were written with it");
        }
        requireSame(file, captions, FINGERPRINT, readOrRefuse(file, damaged, () -> attribute(hdf5, FINGERPRINT)));
        return new RetrievalSet(file, hdf5, before, after, axes, captions);
    }

    private static void requireSame(Path file, CaptionFile captions, String key, Optional<String> ofImages)
            throws DatasetException {
        String ofCaptions = captions.identity().get(key);
        if (ofImages.isPresent() && ofCaptions != null && !ofImages.get().equals(ofCaptions)) {
            throw new DatasetException(
                    captions.file(),
                    "describes other images than " + file + " holds: its " + key + " is " + ofCaptions + ", not "
                            + ofImages.get() + "; use the captions that were written with it");
        }
    }

    private static @Nullable Dataset dataset(HdfFile file, String name) {
        Node node = file.getChildren().get(name);
        return node instanceof Dataset dataset ? dataset : null;
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

    /// The HDF5 file.
    public Path file() {
        return file;
    }

    /// The name of the data set, where its files state it.
    public Optional<String> dataset() {
        return Optional.ofNullable(captions.identity().get(DATASET));
    }

    /// The name of the split, where its files state it.
    public Optional<String> split() {
        return Optional.ofNullable(captions.identity().get(SPLIT));
    }

    /// The number of pairs.
    public int size() {
        return axes[0];
    }

    /// Rows of every image.
    public int height() {
        return axes[1];
    }

    /// Columns of every image.
    public int width() {
        return axes[2];
    }

    /// What is said of a pair.
    public CaptionedSample sample(int index) {
        return captions.samples().get(index);
    }

    /// The image of the earlier date.
    ///
    /// @throws DatasetException if the file is damaged there
    public RgbImage before(int index) throws IOException {
        return image(before, IMAGES_BEFORE, index);
    }

    /// The image of the later date.
    ///
    /// @throws DatasetException if the file is damaged there
    public RgbImage after(int index) throws IOException {
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
