package org.terrachange.raster.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The decoder beside that of the JDK.
class InflateTest {

    /// Every kind of data, with every kind of block: stored, with fixed and with dynamic codes.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 300, 5_000, 70_000, 400_000})
    void whatTheJdkPacksComesBack(int length) throws Exception {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        for (int kind = 0; kind < 6; kind++) {
            byte[] data = data(random, kind, length);
            for (int level : new int[] {0, 1, 6, 9}) {
                for (int strategy : new int[] {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY}) {
                    byte[] packed = pack(data, level, strategy);
                    var out = new byte[length];
                    var inflate = new Inflate(packed, 0, out);
                    assertThat(inflate.run()).as("seed %d, kind %d", seed, kind).isTrue();
                    assertThat(inflate.position()).isEqualTo(packed.length);
                    assertThat(out)
                            .as("seed %d, kind %d, level %d, strategy %d", seed, kind, level, strategy)
                            .isEqualTo(data);
                }
            }
        }
    }

    @Test
    void aStreamMayHoldMoreThanIsWantedButNotLess() throws Exception {
        byte[] data = data(new SplittableRandom(4), 3, 10_000);
        byte[] packed = pack(data, 6, Deflater.DEFAULT_STRATEGY);
        for (int wanted : new int[] {0, 1, 100, 9_990, 9_999}) {
            var out = new byte[wanted];
            assertThat(new Inflate(packed, 0, out).run()).isFalse();
            assertThat(out).isEqualTo(Arrays.copyOf(data, wanted));
        }
        for (int kept = 0; kept < packed.length - 1; kept += 1 + kept / 20) {
            byte[] cut = Arrays.copyOf(packed, kept);
            assertThatThrownBy(() -> new Inflate(cut, 0, new byte[10_000]).run())
                    .as("cut to %d of %d bytes", kept, packed.length)
                    .isInstanceOf(CorruptBlockException.class);
        }
    }

    /// Damaged streams are refused when the JDK refuses them, and decode to the same bytes when it does not.
    @Test
    void damageIsJudgedAsTheJdkJudgesIt() {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] packed = pack(data(random, round % 6, 600), round % 2 == 0 ? 6 : 1, round % 3);
            for (int flip = 0; flip <= random.nextInt(3); flip++) {
                packed[random.nextInt(packed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(decoded(packed)).as("seed %d, round %d", seed, round).isEqualTo(decodedByJdk(packed));
        }
    }

    @Test
    void aWrongChecksumIsDamage() throws Exception {
        byte[] packed = BlockCodecTest.deflate(new byte[] {1, 2, 3, 4});
        var block = new byte[4];
        new Deflate().decode(packed, block);
        packed[packed.length - 1]++;

        assertThatThrownBy(() -> new Deflate().decode(packed, block)).hasMessageContaining("incorrect checksum");
    }

    @Test
    void codesThatNoEncoderWritesAreRefused() {
        // A block of the third type; one of too many codes; a repeated length before the first.
        assertRefused("07", "no known type");
        assertRefused("fdff0000000000000000", "too many codes");
    }

    private static void assertRefused(String hex, String problem) {
        byte[] packed = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> new Inflate(packed, 0, new byte[10]).run()).hasMessageContaining(problem);
    }

    /// Up to 600 bytes in hexadecimal digits, nothing where the stream is invalid.
    private static Optional<String> decoded(byte[] packed) {
        var out = new byte[600];
        var inflate = new Inflate(packed, 0, out);
        try {
            inflate.run();
            return Optional.of(HexFormat.of().formatHex(out, 0, inflate.filled()));
        } catch (CorruptBlockException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> decodedByJdk(byte[] packed) {
        var out = new byte[600];
        try (var inflater = new Inflater(true)) {
            inflater.setInput(packed);
            int done = 0;
            int got;
            do {
                got = inflater.inflate(out, done, out.length - done);
                done += got;
            } while (got > 0 && done < out.length);
            return done == out.length || inflater.finished()
                    ? Optional.of(HexFormat.of().formatHex(out, 0, done))
                    : Optional.empty();
        } catch (DataFormatException _) {
            return Optional.empty();
        }
    }

    private static byte[] data(SplittableRandom random, int kind, int length) {
        var data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte)
                    switch (kind) {
                        case 0 -> 0;
                        case 1 -> random.nextInt(256);
                        case 2 -> random.nextInt(3);
                        case 3 -> i % 256 + random.nextInt(4);
                        case 4 -> i < 40 ? random.nextInt(256) : data[i - 1 - i % 39];
                        default -> (int) (40 * random.nextGaussian());
                    };
        }
        return data;
    }

    private static byte[] pack(byte[] data, int level, int strategy) {
        try (var deflater = new Deflater(level, true)) {
            deflater.setStrategy(strategy);
            deflater.setInput(data);
            deflater.finish();
            var packed = new byte[data.length * 2 + 1000];
            int done = 0;
            while (!deflater.finished()) {
                done += deflater.deflate(packed, done, packed.length - done);
            }
            return Arrays.copyOf(packed, done);
        }
    }
}
