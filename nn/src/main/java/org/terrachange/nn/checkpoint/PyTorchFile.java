package org.terrachange.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads what `torch.save` has written since PyTorch 1.6: an uncompressed zip archive with a pickle
/// (`data.pkl`) that describes tensors and one entry of bytes per storage (`data/0`, `data/1`, ...).
///
/// Nothing in the file is executed: a pickle that refers to anything but tensors, dictionaries and a few harmless
/// settings is refused by name. Contiguous tensors are windows onto the mapped file; transposed, sliced or
/// expanded ones are copied into row-major order.
public final class PyTorchFile {
    /// Keys under which training scripts keep the state dict, in the order in which they are tried.
    static final List<String> STATE_DICT_KEYS = List.of("state_dict", "model_state_dict", "model");

    private static final int DEEPEST_STATE_DICT = 4;

    /// Views that expand or overlap may take more than their storages; a small file must not ask for all memory.
    private static final long SMALL_COPIES = 64L << 20;

    private static final String PICKLE = "data.pkl";

    private final Path file;
    private final StoredZip zip;
    private final String root;
    private final Arena memory;
    private long copiesLeft;

    private PyTorchFile(Path file, StoredZip zip, String root, Arena memory, long copiesLeft) {
        this.file = file;
        this.zip = zip;
        this.root = root;
        this.memory = memory;
        this.copiesLeft = copiesLeft;
    }

    /// Opens a checkpoint. The state dict is looked for under `state_dict`, `model_state_dict` and `model`,
    /// then in the outermost dictionary itself; other tensors (an optimizer's) are left alone. Text, numbers and
    /// truth values that stand beside it (`epoch`, `arch`) become metadata.
    ///
    /// @throws CheckpointException where the file is not such an archive, is damaged, could run code, or holds no
    ///     named tensors
    public static StateDict read(Path file) throws IOException {
        Arena memory = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, memory);
            StoredZip zip = StoredZip.open(file, mapped);
            return new PyTorchFile(file, zip, root(file, zip), memory, SMALL_COPIES + 2 * size).read();
        } catch (IOException | RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /// The folder inside the archive: `archive/`, or the name that the file had when it was saved.
    private static String root(Path file, StoredZip zip) throws CheckpointException {
        List<String> pickles = zip.names().stream()
                .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
                .toList();
        if (pickles.size() != 1) {
            throw new CheckpointException(
                    file,
                    "is a zip archive with " + (pickles.isEmpty() ? "no " : "more than one ") + PICKLE
                            + ", not a PyTorch checkpoint");
        }
        String root = pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
        if (zip.names().contains(root + "constants.pkl")
                || zip.names().stream().anyMatch(name -> name.startsWith(root + "code/"))) {
            throw new CheckpointException(
                    file,
                    "is a TorchScript archive (it holds constants.pkl or code), a program rather than weights. "
                            + "Convert it in PyTorch: torch.save(torch.jit.load(FILE, map_location=\"cpu\")"
                            + ".state_dict(), \"weights.pth\")");
        }
        return root;
    }

    private StateDict read() throws CheckpointException {
        MemorySegment pickle = zip.entry(root + PICKLE);
        if (pickle.byteSize() > CheckpointPickle.LARGEST_PICKLE) {
            throw new CheckpointException(
                    file,
                    "describes its tensors in " + pickle.byteSize() + " bytes; at most "
                            + CheckpointPickle.LARGEST_PICKLE + " are read");
        }
        ByteOrder order = byteOrder();
        Object content = CheckpointPickle.read(file, pickle.toArray(ValueLayout.JAVA_BYTE));
        if (!(content instanceof Map<?, ?> outermost)) {
            throw new CheckpointException(file, "holds no dictionary of named tensors; save model.state_dict()");
        }
        Map<?, ?> named = stateDict(outermost, DEEPEST_STATE_DICT)
                .orElseThrow(() -> new CheckpointException(
                        file,
                        "holds no named tensors, neither outermost nor under " + String.join(", ", STATE_DICT_KEYS)
                                + "; its outermost names are " + names(outermost)));
        Map<String, HostTensor> tensors = LinkedHashMap.newLinkedHashMap(named.size());
        for (Map.Entry<?, ?> entry : named.entrySet()) {
            if (entry.getKey() instanceof String name && entry.getValue() instanceof StridedView view) {
                tensors.put(name, tensor(name, view, order));
            }
        }
        return StateDict.owning(memory, file, tensors, plainValues(outermost));
    }

    private static Optional<Map<?, ?>> stateDict(Map<?, ?> map, int depth) {
        if (depth == 0) {
            return Optional.empty();
        }
        for (String key : STATE_DICT_KEYS) {
            if (map.get(key) instanceof Map<?, ?> inner) {
                Optional<Map<?, ?>> found = stateDict(inner, depth - 1);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        boolean holdsTensors = map.entrySet().stream()
                .anyMatch(entry -> entry.getKey() instanceof String && entry.getValue() instanceof StridedView);
        return holdsTensors ? Optional.of(map) : Optional.empty();
    }

    private static String names(Map<?, ?> map) {
        return map.isEmpty()
                ? "none"
                : map.keySet().stream()
                        .limit(10)
                        .map(key -> key instanceof String name ? CheckpointException.quoted(name) : "(no text)")
                        .collect(Collectors.joining(", "));
    }

    private static Map<String, String> plainValues(Map<?, ?> map) {
        Map<String, String> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key instanceof String name
                    && (value instanceof String || value instanceof Number || value instanceof Boolean)) {
                plain.put(name, value.toString());
            }
        });
        return plain;
    }

    /// The `byteorder` entry, which PyTorch writes since 2.1; before, files were little-endian in practice.
    private ByteOrder byteOrder() throws CheckpointException {
        if (!zip.names().contains(root + "byteorder")) {
            return ByteOrder.LITTLE_ENDIAN;
        }
        MemorySegment entry = zip.entry(root + "byteorder");
        String name = new String(
                entry.asSlice(0, Math.min(16, entry.byteSize())).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.US_ASCII);
        return switch (name.strip()) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default ->
                throw new CheckpointException(file, "has an unknown byte order, " + CheckpointException.quoted(name));
        };
    }

    private HostTensor tensor(String name, StridedView view, ByteOrder order) throws CheckpointException {
        if (view.byteSize() == 0) {
            return new HostTensor(view.type(), view.sizes(), MemorySegment.ofArray(new byte[0]));
        }
        MemorySegment storage = zip.entry(root + "data/" + view.storage());
        if (view.storageElements() > storage.byteSize() / view.type().bytes()) {
            throw new CheckpointException(
                    file,
                    CheckpointException.quoted("is damaged: tensor " + name) + " needs a storage of "
                            + view.storageElements() + " elements, but the archive holds " + storage.byteSize()
                            + " bytes of it");
        }
        boolean swapped = order == ByteOrder.BIG_ENDIAN && view.type().bytes() > 1;
        if (view.isContiguous() && !swapped) {
            return new HostTensor(view.type(), view.sizes(), view.slice(storage));
        }
        if (view.byteSize() > copiesLeft) {
            throw new CheckpointException(
                    file,
                    CheckpointException.quoted("expands tensor " + name) + " to " + view.byteSize()
                            + " bytes, far more than the file holds; save contiguous tensors");
        }
        copiesLeft -= view.byteSize();
        MemorySegment copy = memory.allocate(view.byteSize(), view.type().bytes());
        view.gather(storage, order, copy);
        return new HostTensor(view.type(), view.sizes(), copy);
    }
}
