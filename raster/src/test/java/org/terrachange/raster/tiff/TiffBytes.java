package org.terrachange.raster.tiff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Builds TIFF and BigTIFF files tag by tag, valid or not.
final class TiffBytes {
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int DOUBLE = 12;
    private static final int LONG8 = 16;
    private static final int ASCII = 2;
    private static final int UNDEFINED = 7;

    private final ByteOrder order;
    private final boolean big;
    private final List<Image> images = new ArrayList<>();

    TiffBytes(ByteOrder order, boolean big) {
        this.order = order;
        this.big = big;
    }

    /// A little-endian classic TIFF.
    static TiffBytes littleEndian() {
        return new TiffBytes(ByteOrder.LITTLE_ENDIAN, false);
    }

    ByteOrder order() {
        return order;
    }

    /// Adds an image with these sizes and blocks; without more tags it has one 8-bit gray sample in strips.
    Image image(int width, int height, byte[]... blocks) {
        var image = new Image(List.of(blocks));
        image.number(Directory.IMAGE_WIDTH, width)
                .number(Directory.IMAGE_LENGTH, height)
                .number(Directory.BITS_PER_SAMPLE, 8)
                .number(Directory.PHOTOMETRIC_INTERPRETATION, 1);
        images.add(image);
        return image;
    }

    Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(1 << 24).order(order);
        out.putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4d4d : 0x4949)).putShort((short) (big ? 43 : 42));
        if (big) {
            out.putShort((short) 8).putShort((short) 0);
        }
        int link = out.position();
        offset(out, 0);
        for (Image image : images) {
            link = image.write(out, link);
        }
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    private void offset(ByteBuffer out, long value) {
        if (big) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    private void offsetAt(ByteBuffer out, int position, long value) {
        if (big) {
            out.putLong(position, value);
        } else {
            out.putInt(position, (int) value);
        }
    }

    private record Values(int type, int count, byte[] bytes) {}

    /// The tags of one image. A tag that is set twice keeps the later value.
    final class Image {
        private final Map<Integer, Values> tags = new TreeMap<>();
        private final List<byte[]> blocks;

        private Image(List<byte[]> blocks) {
            this.blocks = blocks;
        }

        Image number(int tag, long... values) {
            boolean small = java.util.Arrays.stream(values).allMatch(v -> v >= 0 && v <= 0xffff);
            ByteBuffer bytes =
                    ByteBuffer.allocate(values.length * (small ? 2 : 4)).order(order);
            for (long value : values) {
                if (small) {
                    bytes.putShort((short) value);
                } else {
                    bytes.putInt((int) value);
                }
            }
            tags.put(tag, new Values(small ? SHORT : LONG, values.length, bytes.array()));
            return this;
        }

        Image doubles(int tag, double... values) {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(order);
            for (double value : values) {
                bytes.putDouble(value);
            }
            tags.put(tag, new Values(DOUBLE, values.length, bytes.array()));
            return this;
        }

        Image bytes(int tag, byte[] bytes) {
            tags.put(tag, new Values(UNDEFINED, bytes.length, bytes.clone()));
            return this;
        }

        Image text(int tag, String text) {
            byte[] bytes = (text + "\0").getBytes(StandardCharsets.ISO_8859_1);
            tags.put(tag, new Values(ASCII, bytes.length, bytes));
            return this;
        }

        /// Another image in the same file.
        Image image(int width, int height, byte[]... more) {
            return TiffBytes.this.image(width, height, more);
        }

        Path write(Path file) throws IOException {
            return TiffBytes.this.write(file);
        }

        byte[] bytes() {
            return TiffBytes.this.bytes();
        }

        /// Writes blocks, long values and directory, and returns where the link to the next directory lies.
        private int write(ByteBuffer out, int link) {
            var offsets = new long[blocks.size()];
            var counts = new long[blocks.size()];
            for (int i = 0; i < blocks.size(); i++) {
                byte[] block = blocks.get(i);
                offsets[i] = block.length == 0 ? 0 : out.position();
                counts[i] = block.length;
                out.put(block);
            }
            boolean tiled = tags.containsKey(Directory.TILE_WIDTH);
            putDefault(tiled ? Directory.TILE_OFFSETS : Directory.STRIP_OFFSETS, offsets);
            putDefault(tiled ? Directory.TILE_BYTE_COUNTS : Directory.STRIP_BYTE_COUNTS, counts);
            int room = big ? 8 : 4;
            Map<Integer, Integer> places = new TreeMap<>();
            tags.forEach((tag, values) -> {
                if (values.bytes().length > room) {
                    places.put(tag, out.position());
                    out.put(values.bytes());
                }
            });
            offsetAt(out, link, out.position());
            if (big) {
                out.putLong(tags.size());
            } else {
                out.putShort((short) tags.size());
            }
            tags.forEach((tag, values) -> {
                out.putShort((short) (int) tag).putShort((short) values.type());
                offset(out, values.count());
                Integer place = places.get(tag);
                if (place != null) {
                    offset(out, place);
                } else {
                    out.put(java.util.Arrays.copyOf(values.bytes(), room));
                }
            });
            int next = out.position();
            offset(out, 0);
            return next;
        }

        private void putDefault(int tag, long... values) {
            if (tags.containsKey(tag)) {
                return;
            }
            ByteBuffer bytes =
                    ByteBuffer.allocate(values.length * (big ? 8 : 4)).order(order);
            for (long value : values) {
                offset(bytes, value);
            }
            tags.put(tag, new Values(big ? LONG8 : LONG, values.length, bytes.array()));
        }
    }
}
