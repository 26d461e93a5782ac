package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockCodecTest {

    /// The example of TIFF 6.0, section 13: codes 256 7 258 8 8 258 6 6 257 of 9 bits.
    @Test
    void theLzwExampleOfTheSpecificationDecodes() throws Exception {
        byte[] packed = bits(new int[] {256, 7, 258, 8, 8, 258, 6, 6, 257}, 9);

        assertThat(decode(new Lzw(), packed, 9)).containsExactly(7, 7, 7, 8, 8, 7, 7, 6, 6);
    }

    /// The example of TIFF 6.0, section 9.
    @Test
    void thePackBitsExampleDecodes() throws Exception {
        byte[] packed = HexFormat.of().parseHex("feaa0280002afdaa0380002a22f7aa");

        assertThat(HexFormat.of().formatHex(decode(new PackBits(), packed, 24)))
                .isEqualTo("aaaaaa80002aaaaaaaaa80002a22aaaaaaaaaaaaaaaaaaaa");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5_000, 100_000})
    void lzwDecodesWhatAnEncoderOfEveryCodeWidthWrote(int length) throws Exception {
        var random = new SplittableRandom(length);
        var data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) random.nextInt(random.nextInt(3) == 0 ? 256 : 3);
        }

        assertThat(decode(new Lzw(), lzw(data), length)).isEqualTo(data);
    }

    @Test
    void aLongRunDecodesThoughEachStringOverlapsTheOneBefore() throws Exception {
        var data = new byte[50_000];
        Arrays.fill(data, (byte) 9);

        assertThat(decode(new Lzw(), lzw(data), data.length)).isEqualTo(data);
    }

    @Test
    void anLzwCodeBeyondTheTableIsDamage() {
        byte[] packed = bits(new int[] {256, 7, 300}, 9);

        assertThatThrownBy(() -> decode(new Lzw(), packed, 9))
                .isInstanceOfSatisfying(
                        CorruptBlockException.class,
                        e -> assertThat(e.problem()).isEqualTo("holds the LZW code 300 where the table ends at 259"));
    }

    @Test
    void dataThatEndEarlySayHowFarTheyWent() throws Exception {
        var data = new byte[1000];
        new SplittableRandom(1).nextBytes(data);
        byte[] lzw = lzw(data);
        byte[] deflate = deflate(data);

        assertEndsEarly(new Uncompressed(), data);
        assertEndsEarly(new Lzw(), lzw);
        assertEndsEarly(new Deflate(), deflate);
        assertEndsEarly(new PackBits(), new byte[] {99, 1, 2, 3});
    }

    @Test
    void zstdDecodesAFrameAndNamesWhatIsWrongWithABrokenOne() throws Exception {
        byte[] data = "terrachange".repeat(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] packed = com.github.luben.zstd.Zstd.compress(data);

        assertThat(decode(new Zstd(), packed, data.length)).isEqualTo(data);
        assertThat(decode(new Zstd(), packed, 500)).isEqualTo(Arrays.copyOf(data, 500));
        assertThatThrownBy(() -> decode(new Zstd(), packed, data.length + 1))
                .hasMessage("ends after 1100 of 1101 bytes");
        assertThatThrownBy(() -> decode(new Zstd(), new byte[20], data.length))
                .isInstanceOfSatisfying(
                        CorruptBlockException.class,
                        e -> assertThat(e.problem()).contains("is not valid ZSTD data"));
    }

    private static void assertEndsEarly(BlockCodec codec, byte[] packed) {
        byte[] half = Arrays.copyOf(packed, packed.length / 2);
        assertThatThrownBy(() -> codec.decode(half, new byte[1000]))
                .isInstanceOfSatisfying(
                        CorruptBlockException.class,
                        e -> assertThat(e.problem()).matches("ends after \\d+ of 1000 bytes"));
    }

    @Test
    void deflateDecodesWhatTheJdkWrote() throws Exception {
        byte[] data = "terrachange".repeat(100).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

        assertThat(decode(new Deflate(), deflate(data), data.length)).isEqualTo(data);
    }

    private static byte[] decode(BlockCodec codec, byte[] packed, int length) throws CorruptBlockException {
        var block = new byte[length];
        codec.decode(packed, block);
        return block;
    }

    static byte[] deflate(byte[] data) throws java.io.IOException {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out, new Deflater(6))) {
            deflater.write(data);
        }
        return out.toByteArray();
    }

    /// A plain encoder after TIFF 6.0, section 13.
    static byte[] lzw(byte[] data) {
        var out = new BitWriter();
        Map<String, Integer> table = new HashMap<>();
        int width = 9;
        int next = 258;
        out.put(256, width);
        var current = new StringBuilder();
        for (byte each : data) {
            char symbol = (char) (each & 0xff);
            if (current.isEmpty() || table.containsKey(current.toString() + symbol)) {
                current.append(symbol);
                continue;
            }
            out.put(code(table, current), width);
            table.put(current.toString() + symbol, next++);
            if (next == 4095) {
                out.put(256, width);
                table.clear();
                width = 9;
                next = 258;
            } else if (next == 1 << width) {
                width++;
            }
            current.setLength(0);
            current.append(symbol);
        }
        out.put(code(table, current), width);
        out.put(257, next + 1 == 1 << width && width < 12 ? width + 1 : width);
        return out.bytes();
    }

    private static int code(Map<String, Integer> table, CharSequence string) {
        return string.length() == 1 ? string.charAt(0) : table.getOrDefault(string.toString(), -1);
    }

    private static byte[] bits(int[] codes, int width) {
        var out = new BitWriter();
        for (int code : codes) {
            out.put(code, width);
        }
        return out.bytes();
    }

    /// Packs numbers most significant bit first.
    private static final class BitWriter {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int held;
        private int count;

        void put(int value, int width) {
            for (int bit = width - 1; bit >= 0; bit--) {
                held = (held << 1) | (value >> bit & 1);
                if (++count == 8) {
                    out.write(held);
                    held = 0;
                    count = 0;
                }
            }
        }

        byte[] bytes() {
            if (count > 0) {
                put(0, 8 - count);
            }
            return out.toByteArray();
        }
    }
}
