package org.terrachange.data.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.api.dataset.ChunkedDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Hdf5WriterTest {
    @TempDir
    Path folder;

    private static byte[] sample(int seed, int bytes) {
        byte[] sample = new byte[bytes];
        new Random(seed).nextBytes(sample);
        java.util.Arrays.fill(sample, 0, bytes / 2, (byte) seed);
        return sample;
    }

    private Path write(int count) throws IOException {
        Path file = folder.resolve("set" + count + ".h5");
        try (Hdf5Writer writer = Hdf5Writer.create(file)) {
            ChunkedBytes odd = writer.addDataset("odd", 5, 7, 3);
            ChunkedBytes flat = writer.addDataset("flat", 4);
            for (int i = 0; i < count; i++) {
                odd.append(sample(i, 105));
                flat.append(sample(-i, 4));
            }
            writer.putAttribute("num_samples", count);
            writer.putAttribute("place", "Zürich");
            writer.finish();
        }
        return file;
    }

    // 64 chunks fill one node of the tree, 4096 two levels.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 64, 65, 1000, 4096, 4097, 4200})
    void h5pyReadsEveryValueThatWasWritten(int count) throws IOException {
        CRC32 odd = new CRC32();
        CRC32 flat = new CRC32();
        for (int i = 0; i < count; i++) {
            odd.update(sample(i, 105));
            flat.update(sample(-i, 4));
        }

        String read = H5py.run("""
                import zlib
                f = h5py.File(sys.argv[1], 'r')
                print(sorted(f), f.attrs['num_samples'], f.attrs['num_samples'].dtype, f.attrs['place'].decode())
                for name in ('odd', 'flat'):
                    d = f[name]
                    print(d.dtype, d.shape, d.chunks, d.compression, zlib.crc32(d[:].tobytes()))
                """, write(count));

        assertThat(read.lines())
                .containsExactly(
                        "['flat', 'odd'] " + count + " int64 Zürich",
                        "uint8 (" + count + ", 5, 7, 3) (1, 5, 7, 3) gzip " + odd.getValue(),
                        "uint8 (" + count + ", 4) (1, 4) gzip " + flat.getValue());
    }

    @Test
    void h5pyFindsSingleSamplesFromBothEnds() throws IOException {
        String read = H5py.run("""
                d = h5py.File(sys.argv[1], 'r')['odd']
                print(*[d[i].sum() for i in (4199, 0, 4096, 63, 64)])
                """, write(4200));

        StringBuilder expected = new StringBuilder();
        for (int i : new int[] {4199, 0, 4096, 63, 64}) {
            int sum = 0;
            for (byte value : sample(i, 105)) {
                sum += value & 0xff;
            }
            expected.append(sum).append(' ');
        }
        assertThat(read).isEqualTo(expected.toString().strip());
    }

    @Test
    void anotherReaderAgrees() throws IOException {
        try (HdfFile file = new HdfFile(write(70))) {
            ChunkedDataset odd = (ChunkedDataset) file.getDatasetByPath("odd");

            assertThat(odd.getDimensions()).containsExactly(70, 5, 7, 3);
            assertThat(odd.getDecompressedChunk(new int[] {69, 0, 0, 0})).isEqualTo(sample(69, 105));
            assertThat(file.getAttribute("num_samples").getData()).isEqualTo(70L);
            assertThat(file.getAttribute("place").getData()).isEqualTo("Zürich");
        }
    }

    @Test
    void anUnfinishedFileIsReadByNobody() throws IOException {
        Path file = folder.resolve("half.h5");
        try (Hdf5Writer writer = Hdf5Writer.create(file)) {
            writer.addDataset("a", 8).append(sample(1, 8));
        }

        assertThatThrownBy(() -> new HdfFile(file)).hasMessageContaining("No valid HDF5 signature");
    }

    @Test
    void aSampleOfAnotherShapeIsRefused() throws IOException {
        try (Hdf5Writer writer = Hdf5Writer.create(folder.resolve("shape.h5"))) {
            ChunkedBytes dataset = writer.addDataset("a", 2, 4);

            assertThatThrownBy(() -> dataset.append(new byte[7]))
                    .hasMessage("a sample of 7 bytes does not fill [2, 4], which takes 8");
            assertThatThrownBy(() -> writer.addDataset("a", 1)).hasMessageContaining("already");
        }
    }
}
