package org.terrachange.nn.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Opens a checkpoint of any known format, recognised by its content rather than by its name.
public final class Checkpoints {
    /// Reaches past the tar signature at byte 257.
    private static final int SIGNATURE_BYTES = 512;

    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] EMPTY_ZIP = {'P', 'K', 5, 6};
    /// Protocol 2, then the long integer 0x1950a86a20f9469cfc6c with which torch.save began before PyTorch 1.6.
    private static final byte[] LEGACY_PYTORCH = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc};
    private static final byte[] PICKLE = {(byte) 0x80};
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F'};
    private static final byte[] GIT_LFS = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int TAR_AT = 257;

    private static final String RESAVE =
            "Convert it in PyTorch 1.6 or newer: torch.save(torch.load(FILE, map_location=\"cpu\"), \"weights.pth\")";

    private Checkpoints() {}

    /// Opens a safetensors file or a PyTorch zip checkpoint. The caller closes the result.
    ///
    /// @throws CheckpointException where the file is neither, or is damaged; the message says what it seems to be
    public static StateDict open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new CheckpointException(file, "is a directory; name the checkpoint file inside it");
        }
        if (!Files.exists(file)) {
            throw new CheckpointException(file, "does not exist");
        }
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(SIGNATURE_BYTES);
        }
        if (startsWith(start, ZIP)) {
            return PyTorchFile.read(file);
        }
        if (looksLikeSafetensors(start)) {
            return SafetensorsFile.read(file);
        }
        throw new CheckpointException(file, problem(start));
    }

    private static boolean looksLikeSafetensors(byte[] start) {
        return start.length > Long.BYTES
                && start[Long.BYTES] == '{'
                && Long.compareUnsigned(
                                ByteBuffer.wrap(start)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getLong(),
                                SafetensorsFile.LARGEST_HEADER)
                        <= 0;
    }

    private static String problem(byte[] start) {
        if (start.length == 0) {
            return "is empty; download or copy it again";
        }
        if (startsWith(start, LEGACY_PYTORCH)) {
            return "is in the format that torch.save wrote before PyTorch 1.6, which is not read. " + RESAVE;
        }
        if (start.length >= TAR_AT + TAR.length
                && Arrays.equals(start, TAR_AT, TAR_AT + TAR.length, TAR, 0, TAR.length)) {
            return "is a tar archive. Unpack it; if it is a checkpoint of PyTorch 0.1, it is not read. " + RESAVE;
        }
        if (startsWith(start, PICKLE)) {
            return "is a bare Python pickle, which could run code and is not read. Save model.state_dict() with "
                    + "torch.save, or as safetensors";
        }
        if (startsWith(start, GIT_LFS)) {
            return "is a Git LFS pointer, not the checkpoint it stands for; fetch it with git lfs pull";
        }
        if (startsWith(start, GZIP)) {
            return "is compressed with gzip; unpack it first";
        }
        if (startsWith(start, HDF5)) {
            return "is an HDF5 file (Keras saves such weights); only PyTorch and safetensors checkpoints are read";
        }
        if (startsWith(start, EMPTY_ZIP)) {
            return "is an empty zip archive; download or copy it again";
        }
        String text = new String(start, StandardCharsets.ISO_8859_1).stripLeading();
        if (text.startsWith("<")) {
            return "is a web page, probably the error page of a download that failed; download it again";
        }
        if (text.startsWith("{")) {
            return "is a JSON text, not a checkpoint; if it is an index or a configuration, name the weights beside it";
        }
        return "is neither a safetensors file nor a PyTorch zip checkpoint";
    }

    private static boolean startsWith(byte[] bytes, byte[] signature) {
        return bytes.length >= signature.length
                && Arrays.equals(bytes, 0, signature.length, signature, 0, signature.length);
    }
}
