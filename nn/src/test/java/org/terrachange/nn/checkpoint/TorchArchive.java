package org.terrachange.nn.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Builds zip archives in the layout of `torch.save`, and archives that deviate from it.
final class TorchArchive {
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final String root;
    private int method = ZipEntry.STORED;

    TorchArchive(String root, byte[] pickle) {
        this.root = root;
        with("data.pkl", pickle);
    }

    TorchArchive with(String name, byte[] content) {
        entries.put(root + name, content);
        return this;
    }

    TorchArchive with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.US_ASCII));
    }

    TorchArchive withFloats(String key, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return with("data/" + key, bytes.array());
    }

    TorchArchive deflated() {
        method = ZipEntry.DEFLATED;
        return this;
    }

    Path write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(method);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry record = new ZipEntry(entry.getKey());
                if (method == ZipEntry.STORED) {
                    CRC32 crc = new CRC32();
                    crc.update(entry.getValue());
                    record.setSize(entry.getValue().length);
                    record.setCrc(crc.getValue());
                }
                zip.putNextEntry(record);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
