package org.terrachange.data.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.data.hdf5.H5py;
import org.terrachange.data.pairs.DatasetException;
import org.terrachange.raster.Window;

class RetrievalSetTest {
    @TempDir
    Path folder;

    static RgbImage image(int seed, int width, int height) {
        byte[] planes = new byte[3 * width * height];
        new Random(seed).nextBytes(planes);
        return new RgbImage(width, height, planes);
    }

    static RetrievalFiles write(Path folder, String dataset, String split, int count, int seed) throws IOException {
        RetrievalFiles files = RetrievalFiles.of(folder, folder, dataset, split);
        try (RetrievalWriter writer = RetrievalWriter.create(files, dataset, split, 6, 5)) {
            for (int i = 0; i < count; i++) {
                boolean changed = i % 2 == 0;
                List<String> sentences =
                        changed ? List.of("house " + i + " on the left", "a house " + i) : List.of("no change", "same");
                writer.append(
                        new CaptionedSample("pair" + i, "scene" + i / 2, changed, sentences),
                        image(seed + 2 * i, 6, 5),
                        image(seed + 2 * i + 1, 6, 5));
            }
            writer.finish();
        }
        return files;
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 70, 1);

        try (RetrievalSet set = RetrievalSet.open(files)) {
            assertThat(set.size()).isEqualTo(70);
            assertThat(set.width()).isEqualTo(6);
            assertThat(set.height()).isEqualTo(5);
            assertThat(set.dataset()).contains("tiny");
            assertThat(set.split()).contains("train");
            assertThat(set.before(69).planes()).isEqualTo(image(1 + 138, 6, 5).planes());
            assertThat(set.after(3).planes()).isEqualTo(image(1 + 7, 6, 5).planes());
            assertThat(set.sample(3))
                    .isEqualTo(new CaptionedSample("pair3", "scene1", false, List.of("no change", "same")));
        }
    }

    @Test
    void anImageIsReadByItsAddressWithoutTheCaptions() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 3, 1);
        // Parsing these for every image took most of the time that an archive of such a file took.
        Files.writeString(files.captions(), "{\"samples\": [");

        StoredImage read =
                SampleAddress.parse(files.images() + "#2/after").orElseThrow().open();

        assertThat(read.read(Window.whole(6, 5), 1).bytes(0))
                .isEqualTo(Arrays.copyOfRange(image(1 + 5, 6, 5).planes(), 30, 60));
        assertThatThrownBy(() -> new SampleAddress(files.images(), 3, false).open())
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("has 3 pairs and none of the number 3");
    }

    @Test
    void h5pyReadsThePublishedLayout() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 3, 1);

        String read = H5py.run("""
                import json
                f = h5py.File(sys.argv[1], 'r'); c = json.load(open(sys.argv[2]))
                a = f['images_a']
                print(a.dtype, a.shape, a.chunks, a.compression, f.attrs['num_samples'], f['images_b'][2, 4, 5, 1])
                print(f.attrs['fingerprint'].decode() == c['fingerprint'], c['num_samples'], c['samples'][1]['sentences'])
                """, files.images(), files.captions());

        int expected = image(1 + 5, 6, 5).planes()[30 + 4 * 6 + 5] & 0xff;
        assertThat(read.lines())
                .containsExactly("uint8 (3, 5, 6, 3) (1, 5, 6, 3) gzip 3 " + expected, "True 3 ['no change', 'same']");
    }

    @Test
    void filesOfH5pyAreReadWhateverTheirChunks() throws IOException {
        RetrievalFiles files = RetrievalFiles.of(folder, folder, "other", "test");
        Files.writeString(
                files.captions(),
                "[{\"sentences\": [\"one\"]}, {\"changeflag\": 0, \"sentences\": [{\"raw\": \"two\"}]}]");
        for (String chunks : List.of("(2, 3, 2, 3)", "(1, 5, 6, 3)", "None")) {
            H5py.run("""
                    f = h5py.File(sys.argv[1], 'w')
                    v = np.arange(180, dtype='uint8').reshape(2, 5, 6, 3)
                    o = {} if %s is None else dict(chunks=%s, compression='gzip', shuffle=True)
                    f.create_dataset('images_a', data=v, **o)
                    f.create_dataset('images_b', data=255 - v, **o)
                    f.attrs['num_samples'] = 2
                    """.formatted(chunks, chunks), files.images());
            try (RetrievalSet set = RetrievalSet.open(files)) {
                byte[] after = set.after(1).interleaved();
                for (int i = 0; i < 90; i++) {
                    assertThat(after[i] & 0xff).as(chunks).isEqualTo(255 - 90 - i);
                }
                assertThat(set.sample(1)).isEqualTo(new CaptionedSample("1", "1", false, List.of("two")));
            }
        }
    }

    @Test
    void captionsOfAnotherSetAreRefused() throws IOException {
        RetrievalFiles train = write(folder, "tiny", "train", 4, 1);
        RetrievalFiles val = write(folder, "tiny", "val", 4, 1);
        RetrievalFiles longer = write(folder, "long", "train", 5, 1);
        RetrievalFiles remade = write(Files.createDirectory(folder.resolve("b")), "tiny", "train", 4, 99);

        assertRefused(new RetrievalFiles(train.images(), val.captions()), "its split is val, not train");
        assertRefused(new RetrievalFiles(train.images(), longer.captions()), "its dataset is long, not tiny");
        assertRefused(new RetrievalFiles(train.images(), remade.captions()), "its fingerprint is");
    }

    @Test
    void countsThatDifferAreRefused() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 4, 1);
        Files.writeString(files.captions(), "{\"samples\": [{\"sentences\": [\"one\"]}]}");

        assertRefused(files, "has captions for 1 pairs, but");
    }

    @Test
    void anEmptySentenceIsRefusedByItsSample() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 2, 1);
        String json = Files.readString(files.captions());
        Files.writeString(files.captions(), json.replace("\"same\"", "\" \""));

        assertRefused(files, "sample 1 (pair1) has an empty sentence");
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItWasCut() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 70, 1);
        byte[] whole = Files.readAllBytes(files.images());
        for (int length = whole.length - 1; length >= 0; length -= Math.max(1, length / 9)) {
            try (FileChannel channel = FileChannel.open(files.images(), StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }

            assertRefused(files, "cut short");
        }
    }

    @Test
    void damagedFilesNeverEndInAnythingButARefusal() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 5, 1);
        byte[] whole = Files.readAllBytes(files.images());
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k < 4; k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(files.images(), damaged);
            try (RetrievalSet set = RetrievalSet.open(files)) {
                for (int i = 0; i < set.size(); i++) {
                    set.before(i);
                    set.after(i);
                }
            } catch (DatasetException e) {
                assertThat(e).as("seed " + seed).hasMessageContaining("tiny_train");
            }
        }
    }

    @Test
    void aForeignFileIsRefused() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 2, 1);
        Files.writeString(files.images(), "PK not HDF5 at all");

        assertRefused(files, "is no HDF5 file");
    }

    @Test
    void signedOrFlatImagesAreRefused() throws IOException {
        RetrievalFiles files = write(folder, "tiny", "train", 2, 1);
        H5py.run("""
                f = h5py.File(sys.argv[1], 'w')
                f['images_a'] = f['images_b'] = np.zeros((2, 5, 6, 3), 'float32')
                f.attrs['num_samples'] = 2
                """, files.images());

        assertRefused(files, "expected unsigned bytes [n, height, width, 3]");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        assertThatThrownBy(() -> RetrievalSet.openAll(folder, folder, "val"))
                .hasMessageContaining("holds no file named {dataset}_val.h5");
        RetrievalFiles files = write(folder, "tiny", "val", 2, 1);
        Files.delete(files.captions());
        assertThatThrownBy(() -> RetrievalSet.openAll(folder, folder, "val"))
                .hasMessageContaining("tiny_val_captions.json: does not exist");
    }

    @Test
    void anAbandonedWriterLeavesNothing() throws IOException {
        RetrievalFiles files = RetrievalFiles.of(folder, folder, "tiny", "train");
        try (RetrievalWriter writer = RetrievalWriter.create(files, "tiny", "train", 6, 5)) {
            writer.append(new CaptionedSample("a", "a", true, List.of("a house")), image(1, 6, 5), image(2, 6, 5));
            assertThatThrownBy(() -> writer.append(
                            new CaptionedSample("b", "b", true, List.of("a house")), image(1, 5, 6), image(2, 6, 5)))
                    .hasMessageContaining("has 5x6 pixels");
        }
        try (RetrievalWriter writer = RetrievalWriter.create(files, "tiny", "train", 6, 5)) {
            assertThatThrownBy(writer::finish).hasMessageContaining("would hold no pair");
        }

        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    private static void assertRefused(RetrievalFiles files, String message) {
        assertThatThrownBy(() -> RetrievalSet.open(files))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message)
                .hasMessageMatching("(?s).*(" + Pattern.quote(files.images().toString()) + "|"
                        + Pattern.quote(files.captions().toString()) + ").*");
    }
}
