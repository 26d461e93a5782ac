package org.terrachange.server;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;

/// What somebody may send who means no good, made from a seed.
final class HostileInput {
    private static final int SIZE = 64;

    /// Tags of TIFF 6.0 whose values lead a reader astray: sizes, offsets, counts, kinds of compression.
    private static final int[] TAGS = {
        256, 257, 258, 259, 262, 273, 277, 278, 279, 282, 284, 317, 320, 322, 323, 324, 325, 330, 338, 339, 347, 33550,
        33922, 34735, 42113
    };

    private static final List<String> PATHS = List.of(
            "/jobs/%s/results/%s",
            "/uploads/%s",
            "/uploads/%s/preview.png",
            "/jobs/%s",
            "/jobs/%s/view",
            "/jobs/%s/tiles/%s/0/0/0.png",
            "/static/%s",
            "/archive/%s/%s",
            "/stac/collections/results/items/%s",
            "/scenes/preview.png?image=%s",
            "/processes/%s",
            "/%s");

    private static final List<String> TRICKS = List.of(
            "..",
            "../../../../etc/passwd",
            "..%2f..%2f..%2fetc%2fpasswd",
            "%2e%2e/%2e%2e/etc/passwd",
            "..;/..;/etc/passwd",
            "....//....//etc/passwd",
            "..\\..\\windows\\win.ini",
            "%5c..%5c..%5c",
            "%00",
            "a%00.png",
            "%c0%ae%c0%ae/",
            "//etc/passwd",
            "file:///etc/passwd",
            "data:../secret.txt",
            "data:%2e%2e%2fsecret.txt",
            "data:/etc/passwd",
            "upload:../../secret.txt",
            "sample:../../secret/before",
            "/vsicurl/http://127.0.0.1:1/x",
            "HDF5:\"/etc/passwd\"",
            "{id}",
            "%25%2e",
            "\u00e9",
            "x%0d%0aSet-Cookie:%20a=b",
            "' OR 1=1 --",
            "<script>alert(1)</script>");

    private final Random random;
    private final List<byte[]> images;

    HostileInput(Path folder, long seed) throws IOException {
        random = new Random(seed);
        images = List.of(RunningServer.scene(folder, SIZE, seed), picture("png"), picture("jpg"), plainTiff());
    }

    private byte[] picture(String format) throws IOException {
        BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIZE * SIZE; i++) {
            image.setRGB(i % SIZE, i / SIZE, random.nextInt());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    private byte[] plainTiff() throws IOException {
        return picture("tiff");
    }

    /// An image with something wrong: bytes changed, cut out, doubled, or a structure made up.
    byte[] image() throws IOException {
        return switch (random.nextInt(8)) {
            case 0 -> madeUpTiff();
            case 1 -> bomb();
            default -> mutated(images.get(random.nextInt(images.size())));
        };
    }

    /// Some bytes changed, most of them near the start, where headers are.
    byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        int changes = 1 + random.nextInt(12);
        for (int i = 0; i < changes && bytes.length > 8; i++) {
            int reach = random.nextBoolean() ? Math.min(bytes.length, 400) : bytes.length;
            int at = random.nextInt(reach);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(8, at));
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xff);
                case 4 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0);
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 64);
                    System.arraycopy(bytes, at, longer, Math.min(at + 64, bytes.length), bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    /// A TIFF whose directory is made of random entries, some of them likely to be believed.
    private byte[] madeUpTiff() {
        boolean big = random.nextInt(3) == 0;
        ByteBuffer tiff = ByteBuffer.allocate(4_096).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put((byte) 'I').put((byte) 'I').putShort((short) (big ? 43 : 42));
        if (big) {
            tiff.putShort((short) 8).putShort((short) 0).putLong(16);
        } else {
            tiff.putInt(8);
        }
        int entries = 4 + random.nextInt(20);
        if (big) {
            tiff.putLong(random.nextInt(10) == 0 ? Long.MAX_VALUE : entries);
        } else {
            tiff.putShort((short) (random.nextInt(10) == 0 ? 0xffff : entries));
        }
        for (int i = 0; i < entries; i++) {
            tiff.putShort((short) TAGS[random.nextInt(TAGS.length)]).putShort((short) (1 + random.nextInt(18)));
            long value = switch (random.nextInt(5)) {
                case 0 -> random.nextInt();
                case 1 -> random.nextInt(4_096);
                case 2 -> 0;
                default -> 1 + random.nextInt(64);
            };
            if (big) {
                tiff.putLong(random.nextInt(6) == 0 ? random.nextLong() : 1).putLong(value);
            } else {
                tiff.putInt(random.nextInt(6) == 0 ? random.nextInt() : 1).putInt((int) value);
            }
        }
        // The next directory: none, this one again, or one that is not there.
        long next = switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> big ? 16 : 8;
            default -> random.nextInt();
        };
        if (big) {
            tiff.putLong(next);
        } else {
            tiff.putInt((int) next);
        }
        return Arrays.copyOf(tiff.array(), random.nextInt(2) == 0 ? tiff.position() : 4_096);
    }

    /// A PNG of a few kilobytes that claims to be enormous, and for some sizes is.
    byte[] bomb() throws IOException {
        int side = List.of(600, 8_000, 60_000, 1 << 30).get(random.nextInt(4));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            byte[] row = new byte[1 + Math.min(side, 8_000)];
            for (int i = 0; i < Math.min(side, 8_000); i++) {
                deflater.write(row);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        ByteBuffer header = ByteBuffer.allocate(13).putInt(side).putInt(side);
        header.put((byte) 8).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 0);
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", packed.toByteArray());
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
        byte[] named = new byte[4 + content.length];
        System.arraycopy(type.getBytes(StandardCharsets.US_ASCII), 0, named, 0, 4);
        System.arraycopy(content, 0, named, 4, content.length);
        CRC32 check = new CRC32();
        check.update(named);
        png.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        png.writeBytes(named);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
    }

    /// The name of a file that would rather be somewhere else.
    String name() {
        return TRICKS.get(random.nextInt(TRICKS.size())).replace("\"", "") + (random.nextBoolean() ? ".tif" : "");
    }

    /// A form whose framing is broken.
    byte[] form() throws IOException {
        return mutated(RunningServer.form(name(), images.get(random.nextInt(images.size()))));
    }

    /// The header that goes with a form, sometimes with another boundary than the form's, or none.
    String contentType(String right) {
        return switch (random.nextInt(6)) {
            case 0 -> "multipart/form-data";
            case 1 -> "multipart/form-data; boundary=";
            case 2 -> "multipart/form-data; boundary=\"" + "x".repeat(random.nextInt(200)) + "\"";
            case 3 -> "multipart/mixed; boundary=x";
            default -> right;
        };
    }

    /// A document that is nearly the one that is expected.
    String json(String before, String after) {
        String right = random.nextBoolean()
                ? RunningServer.execution(before, after)
                : "{\"before\":\"" + before + "\",\"after\":\"" + after + "\"}";
        return switch (random.nextInt(8)) {
            case 0 -> "[".repeat(1 + random.nextInt(5_000));
            case 1 -> right.replace(before, name().replace("\\", "\\\\"));
            case 2 -> right.replace("\"before\":", "\"threshold\":1e999,\"before\":");
            case 3 ->
                right.replace("\"before\":", "\"min_area\":" + "9".repeat(1 + random.nextInt(900)) + ",\"before\":");
            case 4 -> right.replace("\"before\":", "\"title\":\"" + "\\u0000\\ud800".repeat(20) + "\",\"before\":");
            case 5 -> right.replace("\"before\":", "\"simplify\":\"1e308m\",\"before\":");
            default -> new String(mutated(right.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1);
        };
    }

    /// The path of a request, as it goes over the wire.
    String path() {
        String trick = TRICKS.get(random.nextInt(TRICKS.size()));
        return PATHS.get(random.nextInt(PATHS.size())).replace("%s", trick.replace(" ", "%20"));
    }

    /// A token that is not the one.
    String token(String right) {
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> right.substring(0, random.nextInt(right.length()));
            case 2 -> right + "\u00e9".repeat(random.nextInt(9));
            case 3 -> "x".repeat(random.nextInt(7_000));
            default -> right.toUpperCase(java.util.Locale.ROOT) + random.nextInt();
        };
    }

    int choice(int choices) {
        return random.nextInt(choices);
    }
}
