package org.terrachange.raster.cog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;

class CogWriterTest {
    private static final CogOptions MASK =
            CogOptions.of(SampleType.UINT8, 1).withPredictor(false).withResampling(Resampling.MODE);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void directoriesComeFirstThenOverviewsFromSmallToLargeEachTileBetweenItsMarks(boolean bigTiff)
            throws IOException, DataFormatException {
        Path file = write(1300, 900, MASK.withBigTiff(bigTiff));
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getShort(2)).isEqualTo((short) (bigTiff ? 43 : 42));
        String start = new String(bytes.array(), bigTiff ? 16 : 8, 183, StandardCharsets.US_ASCII);
        assertThat(start)
                .startsWith("GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\nLAYOUT=IFDS_BEFORE_DATA\n")
                .endsWith("KNOWN_INCOMPATIBLE_EDITION=NO\n ");

        List<Map<Integer, long[]>> directories = directories(bytes, bigTiff);
        assertThat(directories.stream().map(d -> field(d, 256)[0])).containsExactly(1300L, 650L, 325L);
        long end = Long.MAX_VALUE;
        for (Map<Integer, long[]> directory : directories) {
            long[] offsets = field(directory, 324);
            long[] sizes = field(directory, 325);
            for (int i = offsets.length - 1; i >= 0; i--) {
                int at = Math.toIntExact(offsets[i]);
                int size = Math.toIntExact(sizes[i]);
                assertThat(bytes.getInt(at - 4)).isEqualTo(size);
                assertThat(bytes.getInt(at + size)).isEqualTo(bytes.getInt(at + size - 4));
                assertThat(at + size + 4L).isLessThanOrEqualTo(end);
                end = at - 4L;
            }
        }
        byte[] tile = new byte[512 * 512];
        Inflater inflater = new Inflater();
        inflater.setInput(bytes.array(), (int) field(directories.getFirst(), 324)[1], (int)
                field(directories.getFirst(), 325)[1]);
        assertThat(inflater.inflate(tile)).isEqualTo(tile.length);
        inflater.end();
        for (int i = 0; i < tile.length; i++) {
            assertThat(tile[i]).isEqualTo(sample(512 + i % 512, i / 512));
        }
    }

    @Test
    void theSameRowsMakeTheSameBytes() throws IOException {
        byte[] first = Files.readAllBytes(write(700, 600, MASK));
        byte[] second = Files.readAllBytes(write(700, 600, MASK));
        assertThat(first).isEqualTo(second);
    }

    @Test
    void anAbandonedWriterLeavesNothing() throws IOException {
        Path file = folder.resolve("mask.tif");
        try (CogWriter writer = CogWriter.create(file, Grid.plain(600, 600), MASK)) {
            writer.append(rows(600, 0, 550));
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void aFinishedWriterLeavesOnlyTheFile() throws IOException {
        assertThat(write(1300, 600, MASK)).exists();
        assertThat(names()).containsExactly("mask.tif");
    }

    @Test
    void missingRowsAreNoticedAndTheOldFileStays() throws IOException {
        Path file = Files.writeString(folder.resolve("mask.tif"), "old");
        try (CogWriter writer = CogWriter.create(file, Grid.plain(10, 10), MASK)) {
            writer.append(rows(10, 0, 9));
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(file + ": only 9 of 10 rows were written");
        }
        assertThat(file).hasContent("old");
    }

    @Test
    void rowsOutOfTurnAreRefused() throws IOException {
        try (CogWriter writer = CogWriter.create(folder.resolve("mask.tif"), Grid.plain(10, 10), MASK)) {
            writer.append(rows(10, 0, 4));
            for (PixelBlock wrong : List.of(rows(10, 5, 1), rows(10, 3, 1), rows(9, 4, 1), rows(10, 4, 7))) {
                assertThatThrownBy(() -> writer.append(wrong))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("expected rows of 10 pixels from row 4 of 10");
            }
            PixelBlock floats = PixelBlock.ofFloats(new Window(0, 4, 10, 1), new float[10]);
            assertThatThrownBy(() -> writer.append(floats))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected 1 bands of uint8, got 1 of float32");
        }
    }

    @Test
    void aMissingFolderIsNamed() {
        Path file = folder.resolve("absent/mask.tif");
        assertThatThrownBy(() -> CogWriter.create(file, Grid.plain(10, 10), MASK))
                .isInstanceOf(RasterException.class)
                .hasMessageStartingWith(file + ": cannot be written: the folder");
    }

    @Test
    void aRasterTooWideForTheHeapIsRefusedBeforeAnythingIsAllocated() throws IOException {
        Path file = folder.resolve("wide.tif");
        for (Grid grid : List.of(Grid.plain(Integer.MAX_VALUE, 1), Grid.plain(Integer.MAX_VALUE, Integer.MAX_VALUE))) {
            assertThatThrownBy(() -> CogWriter.create(file, grid, CogOptions.of(SampleType.FLOAT64, 4)))
                    .isInstanceOf(RasterException.class)
                    .hasMessageContaining("of memory to write");
        }
        assertThatThrownBy(
                        () -> CogWriter.create(file, Grid.plain(1000, 1000), CogOptions.of(SampleType.FLOAT64, 65535)))
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("write fewer bands");
        assertThat(names()).isEmpty();
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        CogOptions bytes = CogOptions.of(SampleType.UINT8, 1);
        assertThatThrownBy(() -> bytes.withNodata(-1)).hasMessage("the nodata value -1.0 is no uint8");
        assertThatThrownBy(() -> bytes.withNodata(Double.NaN)).hasMessage("the nodata value NaN is no uint8");
        assertThatThrownBy(() -> bytes.withLevel(10)).hasMessageContaining("level of deflate runs from 1 to 9, got 10");
        assertThatThrownBy(() -> bytes.withCompression(Compression.LZW).withLevel(1))
                .hasMessageContaining("0 to 0");
        assertThatThrownBy(() -> Compression.parse("jpeg"))
                .hasMessage("'jpeg' is no compression; choose one of deflate, zstd, lzw, none");
        assertThatThrownBy(() -> bytes.withBandNames("a", "b")).hasMessage("2 band names for 1 bands");
        assertThatThrownBy(() -> bytes.withMetadata(Map.of("A", "\u0000"))).hasMessageContaining("control character");
        assertThatThrownBy(
                        () -> bytes.withColourTable(new ColourTable(Map.of())).withResampling(Resampling.AVERAGE))
                .hasMessageContaining("use MODE or NEAREST");
        assertThatThrownBy(() -> CogOptions.of(SampleType.UINT16, 1).withColourTable(new ColourTable(Map.of())))
                .hasMessageContaining("single uint8 band");
        assertThatThrownBy(() -> new ColourTable(Map.of(256, 0))).hasMessageContaining("got 256");
    }

    private Path write(int width, int height, CogOptions options) throws IOException {
        Path file = folder.resolve("mask.tif");
        try (CogWriter writer = CogWriter.create(file, Grid.plain(width, height), options)) {
            for (int y = 0; y < height; y += 100) {
                writer.append(rows(width, y, Math.min(100, height - y)));
            }
            writer.finish();
        }
        return file;
    }

    private static PixelBlock rows(int width, int first, int count) {
        byte[] samples = new byte[width * count];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = sample(i % width, first + i / width);
        }
        return PixelBlock.ofBytes(new Window(0, first, width, count), samples);
    }

    private static byte sample(int column, int row) {
        return (byte) ((column * 31 + row * 17) >> 4);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /// The integer fields of each directory, by tag.
    private static List<Map<Integer, long[]>> directories(ByteBuffer bytes, boolean bigTiff) {
        int word = bigTiff ? 8 : 4;
        List<Map<Integer, long[]>> directories = new ArrayList<>();
        for (long at = word(bytes, bigTiff ? 8 : 4, word); at != 0; ) {
            Map<Integer, long[]> fields = new HashMap<>();
            int entries = bigTiff ? (int) bytes.getLong((int) at) : bytes.getShort((int) at);
            int entry = (int) at + (bigTiff ? 8 : 2);
            for (int i = 0; i < entries; i++, entry += 4 + 2 * word) {
                int size = switch (bytes.getShort(entry + 2)) {
                    case 3 -> 2;
                    case 4 -> 4;
                    case 16 -> 8;
                    default -> 0;
                };
                long[] values = new long[size == 0 ? 0 : (int) word(bytes, entry + 4, word)];
                int place = entry + 4 + word;
                int from = values.length * size <= word ? place : (int) word(bytes, place, word);
                for (int v = 0; v < values.length; v++) {
                    values[v] = word(bytes, from + v * size, size);
                }
                fields.put(bytes.getShort(entry) & 0xffff, values);
            }
            directories.add(fields);
            long next = word(bytes, entry, word);
            assertThat(next == 0 || next > at).isTrue();
            at = next;
        }
        return directories;
    }

    private static long[] field(Map<Integer, long[]> directory, int tag) {
        return Objects.requireNonNull(directory.get(tag), () -> "no field " + tag);
    }

    private static long word(ByteBuffer bytes, int at, int size) {
        return switch (size) {
            case 2 -> bytes.getShort(at) & 0xffff;
            case 4 -> bytes.getInt(at) & 0xffffffffL;
            default -> bytes.getLong(at);
        };
    }
}
