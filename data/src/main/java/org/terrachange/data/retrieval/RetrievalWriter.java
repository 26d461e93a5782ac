package org.terrachange.data.retrieval;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.terrachange.data.hdf5.ChunkedBytes;
import org.terrachange.data.hdf5.Hdf5Writer;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.raster.AtomicFile;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes one split of a captioned data set, sample by sample:
///
/// - images, HDF5: `images_a` (before) and `images_b` (after), unsigned bytes `[n, height, width, 3]`, one chunk a
///   sample, deflate; attributes of the root group `num_samples`, `dataset`, `split` and `fingerprint`;
/// - captions, JSON: the same four, and `samples`, one object for each pair in the same order: `id`, `scene`,
///   `changed`, `sentences`.
///
/// The fingerprint is the SHA-256 of all names and pixels, so that captions of other images are told apart from
/// these; sentences may be edited without disturbing it. Neither file appears under its name before both are
/// complete.
public final class RetrievalWriter implements Closeable {
    private final String dataset;
    private final String split;
    private final int width;
    private final int height;
    private final AtomicFile imageFile;
    private final AtomicFile captionFile;
    private final Hdf5Writer hdf5;
    private final ChunkedBytes before;
    private final ChunkedBytes after;
    private final JsonGenerator json;
    private final MessageDigest digest = sha256();
    private final Set<String> ids = new HashSet<>();

    private RetrievalWriter(
            String dataset,
            String split,
            int width,
            int height,
            AtomicFile imageFile,
            AtomicFile captionFile,
            Hdf5Writer hdf5,
            JsonGenerator json) {
        this.dataset = dataset;
        this.split = split;
        this.width = width;
        this.height = height;
        this.imageFile = imageFile;
        this.captionFile = captionFile;
        this.hdf5 = hdf5;
        this.json = json;
        before = hdf5.addDataset(PairImages.IMAGES_BEFORE, height, width, 3);
        after = hdf5.addDataset(PairImages.IMAGES_AFTER, height, width, 3);
    }

    /// Begins both files; their folders are made if need be.
    ///
    /// @param width columns of every image
    /// @param height rows
    public static RetrievalWriter create(RetrievalFiles files, String dataset, String split, int width, int height)
            throws IOException {
        Files.createDirectories(files.images().toAbsolutePath().getParent());
        Files.createDirectories(files.captions().toAbsolutePath().getParent());
        AtomicFile images = AtomicFile.create(files.images());
        AtomicFile captions = null;
        Hdf5Writer hdf5 = null;
        try {
            captions = AtomicFile.create(files.captions());
            hdf5 = Hdf5Writer.create(images.temporary());
            JsonGenerator json = new JsonFactory()
                    .createGenerator(ObjectWriteContext.empty(), Files.newBufferedWriter(captions.temporary()));
            json.writeStartObject();
            json.writeStringProperty("dataset", dataset);
            json.writeStringProperty("split", split);
            json.writeName("samples");
            json.writeStartArray();
            return new RetrievalWriter(dataset, split, width, height, images, captions, hdf5, json);
        } catch (IOException | RuntimeException e) {
            closeAll(hdf5, images, captions);
            throw e;
        }
    }

    /// Adds a pair.
    ///
    /// @throws IllegalArgumentException if an image has another size than the file, or the name was used before
    public void append(CaptionedSample sample, RgbImage first, RgbImage second) throws IOException {
        for (RgbImage image : new RgbImage[] {first, second}) {
            if (image.width() != width || image.height() != height) {
                throw new IllegalArgumentException("the sample " + sample.id() + " has " + image.width() + "x"
                        + image.height() + " pixels, and the file takes " + width + "x" + height);
            }
        }
        if (!ids.add(sample.id())) {
            throw new IllegalArgumentException("two samples are named " + sample.id());
        }
        digest.update(sample.id().getBytes(StandardCharsets.UTF_8));
        append(before, first);
        append(after, second);
        json.writeStartObject();
        json.writeStringProperty("id", sample.id());
        json.writeStringProperty("scene", sample.scene());
        json.writeBooleanProperty("changed", sample.changed());
        json.writeName("sentences");
        json.writeStartArray();
        for (String sentence : sample.sentences()) {
            json.writeString(sentence);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void append(ChunkedBytes images, RgbImage image) throws IOException {
        byte[] pixels = image.interleaved();
        digest.update(pixels);
        images.append(pixels);
    }

    /// The number of pairs so far.
    public int count() {
        return before.count();
    }

    /// Completes both files and gives them their names.
    ///
    /// @throws DatasetException if no pair was added
    public void finish() throws IOException {
        if (count() == 0) {
            throw new DatasetException(imageFile.target(), "would hold no pair; nothing was written");
        }
        String fingerprint = HexFormat.of().formatHex(digest.digest());
        hdf5.putAttribute(PairImages.COUNT, count());
        hdf5.putAttribute(RetrievalSet.DATASET, dataset);
        hdf5.putAttribute(RetrievalSet.SPLIT, split);
        hdf5.putAttribute(RetrievalSet.FINGERPRINT, fingerprint);
        hdf5.finish();
        hdf5.close();
        json.writeEndArray();
        json.writeNumberProperty(PairImages.COUNT, count());
        json.writeStringProperty(RetrievalSet.FINGERPRINT, fingerprint);
        json.writeEndObject();
        json.close();
        imageFile.commit();
        captionFile.commit();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Deletes what was not finished.
    @Override
    public void close() throws IOException {
        closeAll(json, hdf5, imageFile, captionFile);
    }

    /// Closes every one, and throws what the first failure threw.
    private static void closeAll(@Nullable Closeable... parts) throws IOException {
        IOException failure = null;
        for (Closeable part : parts) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
