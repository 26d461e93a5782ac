package org.terrachange.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The uncompressed entries of a zip archive as windows onto the mapped file, which `java.util.zip` does not give.
///
/// Follows PKWARE's APPNOTE 6.3: the end record (4.3.16), its 64-bit form (4.3.14, 4.3.15) and the central
/// directory (4.3.12). Checksums are not compared: PyTorch does not compare them either, and since 2.6 can
/// write files without.
final class StoredZip {
    private static final int END = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int END64_LOCATOR = 0x07064b50;
    private static final int END64_LOCATOR_SIZE = 20;
    private static final int END64 = 0x06064b50;
    private static final int END64_SIZE = 56;
    private static final int DIRECTORY = 0x02014b50;
    private static final int DIRECTORY_SIZE = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_SIZE = 30;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int ZIP64_EXTRA = 1;
    private static final int ENCRYPTED = 1;
    private static final long LARGEST_DIRECTORY = 64L << 20;
    private static final long IN_ZIP64 = 0xffffffffL;

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(int flags, int method, long storedSize, long size, long localHeader) {}

    private record Directory(long offset, long size) {}

    private StoredZip(Path file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /// Reads the central directory.
    ///
    /// @param bytes the whole file
    /// @throws CheckpointException where the archive is cut off, damaged or names an entry twice
    static StoredZip open(Path file, MemorySegment bytes) throws CheckpointException {
        StoredZip zip = new StoredZip(file, bytes);
        try {
            zip.readDirectory();
        } catch (IndexOutOfBoundsException e) {
            throw new CheckpointException(file, "has a damaged zip directory; copy or download it again", e);
        }
        return zip;
    }

    /// The names of all entries, in the order of the directory.
    Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /// The bytes of an entry.
    ///
    /// @throws CheckpointException where there is no such entry, or it is compressed, encrypted or damaged
    MemorySegment entry(String name) throws CheckpointException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw damaged("lacks " + name);
        }
        if ((entry.flags & ENCRYPTED) != 0) {
            throw damaged("has " + name + " encrypted");
        }
        if (entry.method != 0 || entry.storedSize != entry.size) {
            throw new CheckpointException(
                    file,
                    "has its entry " + CheckpointException.quoted(name) + " compressed, which PyTorch never does; "
                            + "use the file as torch.save wrote it, not one packed again");
        }
        try {
            if (bytes.get(U32, entry.localHeader) != LOCAL) {
                throw damaged("has no entry where its directory puts " + name);
            }
            long begin = entry.localHeader
                    + LOCAL_SIZE
                    + unsigned16(entry.localHeader + 26)
                    + unsigned16(entry.localHeader + 28);
            return bytes.asSlice(begin, entry.size);
        } catch (IndexOutOfBoundsException e) {
            throw new CheckpointException(
                    file,
                    "has its entry " + CheckpointException.quoted(name)
                            + " beyond the end of the file; copy or download it again",
                    e);
        }
    }

    private void readDirectory() throws CheckpointException {
        Directory directory = findDirectory();
        if (directory.size > LARGEST_DIRECTORY) {
            throw damaged("has a zip directory of " + directory.size + " bytes");
        }
        MemorySegment records = bytes.asSlice(directory.offset, directory.size);
        long at = 0;
        while (at < records.byteSize()) {
            if (records.get(U32, at) != DIRECTORY) {
                throw damaged("has a zip directory that breaks off after " + entries.size() + " entries");
            }
            int nameLength = Short.toUnsignedInt(records.get(U16, at + 28));
            int extraLength = Short.toUnsignedInt(records.get(U16, at + 30));
            int commentLength = Short.toUnsignedInt(records.get(U16, at + 32));
            MemorySegment extra = records.asSlice(at + DIRECTORY_SIZE + nameLength, extraLength);
            String name = new String(
                    records.asSlice(at + DIRECTORY_SIZE, nameLength).toArray(ValueLayout.JAVA_BYTE),
                    StandardCharsets.UTF_8);
            if (entries.put(name, readEntry(records.asSlice(at, DIRECTORY_SIZE), extra)) != null) {
                throw damaged("holds two entries named " + name);
            }
            at += DIRECTORY_SIZE + nameLength + extraLength + commentLength;
        }
    }

    private static Entry readEntry(MemorySegment record, MemorySegment extra) {
        long storedSize = Integer.toUnsignedLong(record.get(U32, 20));
        long size = Integer.toUnsignedLong(record.get(U32, 24));
        long localHeader = Integer.toUnsignedLong(record.get(U32, 42));
        for (long at = 0; at + 4 <= extra.byteSize(); at += 4 + Short.toUnsignedInt(extra.get(U16, at + 2))) {
            if (extra.get(U16, at) == ZIP64_EXTRA) {
                // Holds only those of the three that did not fit the record, in this order (APPNOTE 4.5.3).
                long field = at + 4;
                if (size == IN_ZIP64) {
                    size = extra.get(U64, field);
                    field += Long.BYTES;
                }
                if (storedSize == IN_ZIP64) {
                    storedSize = extra.get(U64, field);
                    field += Long.BYTES;
                }
                if (localHeader == IN_ZIP64) {
                    localHeader = extra.get(U64, field);
                }
                break;
            }
        }
        return new Entry(
                Short.toUnsignedInt(record.get(U16, 8)),
                Short.toUnsignedInt(record.get(U16, 10)),
                storedSize,
                size,
                localHeader);
    }

    private Directory findDirectory() throws CheckpointException {
        long last = bytes.byteSize() - END_SIZE;
        for (long end = last; end >= Math.max(0, last - LONGEST_COMMENT); end--) {
            if (bytes.get(U32, end) == END && end + END_SIZE + unsigned16(end + 20) == bytes.byteSize()) {
                long locator = end - END64_LOCATOR_SIZE;
                if (locator >= 0 && bytes.get(U32, locator) == END64_LOCATOR) {
                    MemorySegment end64 = bytes.asSlice(bytes.get(U64, locator + 8), END64_SIZE);
                    if (end64.get(U32, 0) != END64) {
                        throw damaged("has a damaged 64-bit zip directory");
                    }
                    return new Directory(end64.get(U64, 48), end64.get(U64, 40));
                }
                return new Directory(
                        Integer.toUnsignedLong(bytes.get(U32, end + 16)),
                        Integer.toUnsignedLong(bytes.get(U32, end + 12)));
            }
        }
        throw new CheckpointException(
                file, "is cut off: it begins as a zip archive but lacks the end of one; copy or download it again");
    }

    private int unsigned16(long offset) {
        return Short.toUnsignedInt(bytes.get(U16, offset));
    }

    private CheckpointException damaged(String problem) {
        return new CheckpointException(file, CheckpointException.quoted(problem));
    }
}
