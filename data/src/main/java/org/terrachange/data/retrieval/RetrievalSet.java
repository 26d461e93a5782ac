package org.terrachange.data.retrieval;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.data.pairs.DatasetException;

/// One split of a captioned data set, opened for reading by sample: what [RetrievalWriter] wrote, or files of the
/// same layout from elsewhere (any chunking and any of deflate, shuffle, LZF and LZ4 filters).
///
/// Safe to read from several threads at once. Must be closed.
public final class RetrievalSet implements Closeable {
    static final String DATASET = "dataset";
    static final String SPLIT = "split";
    static final String FINGERPRINT = "fingerprint";

    private final PairImages images;
    private final CaptionFile captions;

    private RetrievalSet(PairImages images, CaptionFile captions) {
        this.images = images;
        this.captions = captions;
    }

    /// Opens a split and checks that both files are whole and belong together: both image datasets are unsigned
    /// bytes `[n, height, width, 3]`; n, `num_samples` and the number of captions are equal; and where both files
    /// carry them, so are the names of data set and split and the fingerprint.
    ///
    /// @throws DatasetException if anything of that does not hold; the message names the file and what to do
    public static RetrievalSet open(RetrievalFiles files) throws IOException {
        CaptionFile captions = CaptionFile.read(files.captions());
        PairImages images = PairImages.open(files.images());
        try {
            requireTogether(images, captions);
            return new RetrievalSet(images, captions);
        } catch (IOException | RuntimeException e) {
            images.close();
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

    private static void requireTogether(PairImages images, CaptionFile captions) throws IOException {
        for (String key : List.of(DATASET, SPLIT)) {
            requireSame(images, captions, key);
        }
        if (captions.samples().size() != images.size()) {
            throw new DatasetException(
                    captions.file(),
                    "has captions for " + captions.samples().size() + " pairs, but " + images.file() + " holds "
                            + images.size() + "; use the captions that were written with it");
        }
        requireSame(images, captions, FINGERPRINT);
    }

    private static void requireSame(PairImages images, CaptionFile captions, String key) throws DatasetException {
        Optional<String> ofImages = images.attribute(key);
        String ofCaptions = captions.identity().get(key);
        if (ofImages.isPresent() && ofCaptions != null && !ofImages.get().equals(ofCaptions)) {
            throw new DatasetException(
                    captions.file(),
                    "describes other images than " + images.file() + " holds: its " + key + " is " + ofCaptions
                            + ", not " + ofImages.get() + "; use the captions that were written with it");
        }
    }

    /// The HDF5 file.
    public Path file() {
        return images.file();
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
        return images.size();
    }

    /// Rows of every image.
    public int height() {
        return images.height();
    }

    /// Columns of every image.
    public int width() {
        return images.width();
    }

    /// What is said of a pair.
    public CaptionedSample sample(int index) {
        return captions.samples().get(index);
    }

    /// The image of the earlier date.
    ///
    /// @throws DatasetException if the file is damaged there
    public RgbImage before(int index) throws IOException {
        return images.before(index);
    }

    /// The image of the later date.
    ///
    /// @throws DatasetException if the file is damaged there
    public RgbImage after(int index) throws IOException {
        return images.after(index);
    }

    @Override
    public void close() {
        images.close();
    }
}
