package org.terrachange.nn.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/// Reads the pickle of a PyTorch checkpoint as data.
///
/// A pickle is a program for a small stack machine, whose GLOBAL and REDUCE instructions name any Python
/// function and call it. Here the library's machine supplies the stack, the memo, numbers, text, lists and
/// tuples; every instruction that names, calls, builds or persists anything is answered in this class, so that
/// the library's own registry of constructors and its reflective BUILD are out of reach. Instructions are an
/// allow-list, and so are names: those that make up tensors and dictionaries are understood, a few harmless
/// ones become [Inert], any other is refused by name before anything happens.
///
/// The result consists of `Map` (in order), `List`, `Object[]` for tuples, `String`, `byte[]`, `Number`,
/// `Boolean`, [StridedView] and [Inert]. A hostile pickle can make it contain itself: do not walk it without a
/// limit of depth.
final class CheckpointPickle extends Unpickler {
    static final int LARGEST_PICKLE = 64 << 20;

    /// Some fifty thousand tensors' worth. Bounds the memory that one-byte instructions can ask for.
    private static final int MOST_INSTRUCTIONS = 2_000_000;

    /// An object or class that plays no part in a network's weights. Only its name is known.
    record Inert(String name) {}

    /// What a name that the pickle refers to stands for.
    private sealed interface Known {}

    private record StorageClass(ElementType type) implements Known {}

    private record Ignored(String name) implements Known {}

    private enum Constructor implements Known {
        DICTIONARY,
        TENSOR,
        PARAMETER,
        SIZE
    }

    private record Storage(ElementType type, String key, long elements) {}

    private static final Map<String, Known> KNOWN = Map.ofEntries(
            Map.entry("collections.OrderedDict", Constructor.DICTIONARY),
            Map.entry("collections.defaultdict", Constructor.DICTIONARY),
            Map.entry("torch._utils._rebuild_tensor", Constructor.TENSOR),
            Map.entry("torch._utils._rebuild_tensor_v2", Constructor.TENSOR),
            Map.entry("torch._utils._rebuild_parameter", Constructor.PARAMETER),
            Map.entry("torch.Size", Constructor.SIZE),
            Map.entry("torch.DoubleStorage", new StorageClass(ElementType.F64)),
            Map.entry("torch.FloatStorage", new StorageClass(ElementType.F32)),
            Map.entry("torch.HalfStorage", new StorageClass(ElementType.F16)),
            Map.entry("torch.BFloat16Storage", new StorageClass(ElementType.BF16)),
            Map.entry("torch.LongStorage", new StorageClass(ElementType.I64)),
            Map.entry("torch.IntStorage", new StorageClass(ElementType.I32)),
            Map.entry("torch.ShortStorage", new StorageClass(ElementType.I16)),
            Map.entry("torch.CharStorage", new StorageClass(ElementType.I8)),
            Map.entry("torch.ByteStorage", new StorageClass(ElementType.U8)),
            Map.entry("torch.BoolStorage", new StorageClass(ElementType.BOOL)));

    /// Names that training scripts leave beside the weights: settings, counters, class names of callbacks.
    /// Nothing is made or called for them.
    private static final Map<String, Known> IGNORED = Stream.of(
                    "argparse.Namespace",
                    "_codecs.encode",
                    "builtins.set",
                    "builtins.frozenset",
                    "builtins.int",
                    "builtins.float",
                    "builtins.str",
                    "builtins.bool",
                    "builtins.list",
                    "builtins.dict",
                    "builtins.complex",
                    "builtins.slice",
                    "builtins.range",
                    "__builtin__.set",
                    "__builtin__.frozenset",
                    "__builtin__.int",
                    "__builtin__.long",
                    "__builtin__.xrange",
                    "__builtin__.float",
                    "__builtin__.str",
                    "__builtin__.unicode",
                    "__builtin__.bool",
                    "__builtin__.list",
                    "__builtin__.dict",
                    "collections.Counter",
                    "collections.deque",
                    "datetime.datetime",
                    "datetime.timedelta",
                    "pathlib.Path",
                    "pathlib.PosixPath",
                    "pathlib.WindowsPath",
                    "numpy.dtype",
                    "numpy.ndarray",
                    "numpy.core.multiarray.scalar",
                    "numpy.core.multiarray._reconstruct",
                    "numpy._core.multiarray.scalar",
                    "numpy._core.multiarray._reconstruct",
                    "torch.device",
                    "torch.float16",
                    "torch.float32",
                    "torch.float64",
                    "torch.bfloat16",
                    "torch.int64",
                    "pytorch_lightning.utilities.parsing.AttributeDict",
                    "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint",
                    "pytorch_lightning.callbacks.early_stopping.EarlyStopping",
                    "pytorch_lightning.callbacks.lr_monitor.LearningRateMonitor",
                    "lightning_fabric.utilities.data.AttributeDict",
                    "lightning.fabric.utilities.data.AttributeDict",
                    "lightning.pytorch.callbacks.model_checkpoint.ModelCheckpoint",
                    "omegaconf.dictconfig.DictConfig",
                    "omegaconf.listconfig.ListConfig",
                    "omegaconf.base.ContainerMetadata",
                    "omegaconf.base.Metadata",
                    "omegaconf.nodes.AnyNode",
                    "typing.Any",
                    "yacs.config.CfgNode")
            .collect(Collectors.toUnmodifiableMap(name -> name, Ignored::new));

    private final Path file;
    private int instructions;

    private CheckpointPickle(Path file) {
        this.file = file;
    }

    /// Reads one pickle.
    ///
    /// @return the value it describes, null for `None`
    /// @throws CheckpointException where the pickle is damaged, too large, or names anything not known here
    static @Nullable Object read(Path file, byte[] pickle) throws CheckpointException {
        try {
            return new CheckpointPickle(file).load(new ByteArrayInputStream(pickle));
        } catch (CheckpointException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The library meets a malformed program with whatever its data structures throw.
            throw new CheckpointException(
                    file, "holds a damaged list of tensors (its pickle breaks off or makes no sense)", e);
        }
    }

    @Override
    protected Object dispatch(short instruction) throws IOException {
        if (++instructions > MOST_INSTRUCTIONS) {
            throw refused("describes more than " + MOST_INSTRUCTIONS + " objects, more than any network has");
        }
        switch (instruction) {
            case Opcodes.PROTO,
                    Opcodes.FRAME,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.POP,
                    Opcodes.DUP,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.LONG1,
                    Opcodes.BINFLOAT,
                    Opcodes.SHORT_BINSTRING,
                    Opcodes.SHORT_BINBYTES,
                    Opcodes.SHORT_BINUNICODE,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.EMPTY_LIST,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.MEMOIZE,
                    Opcodes.BINPERSID -> {
                return super.dispatch(instruction);
            }
            case Opcodes.BINSTRING, Opcodes.BINUNICODE, Opcodes.BINBYTES, Opcodes.LONG4 -> {
                requireAvailable(Integer.BYTES);
                return super.dispatch(instruction);
            }
            case Opcodes.BINUNICODE8, Opcodes.BINBYTES8 -> {
                requireAvailable(Long.BYTES);
                return super.dispatch(instruction);
            }
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            // Sets hold nothing that a network needs; as lists they cost no hashing of hostile elements.
            case Opcodes.EMPTY_SET -> stack.add(new ArrayList<>());
            case Opcodes.FROZENSET -> stack.add(stack.pop_all_since_marker());
            case Opcodes.APPEND -> append(List.of(new Object[] {stack.pop()}));
            case Opcodes.APPENDS, Opcodes.ADDITEMS -> append(stack.pop_all_since_marker());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                Object key = stack.pop();
                put(Arrays.asList(key, value));
            }
            case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
            case Opcodes.POP_MARK -> stack.pop_all_since_marker();
            case Opcodes.GLOBAL -> stack.add(named(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                Object name = stack.pop();
                Object module = stack.pop();
                stack.add(named((String) module, (String) name));
            }
            case Opcodes.INST -> throw refusedName(PickleUtils.readline(input), PickleUtils.readline(input));
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                Object[] arguments = (Object[]) stack.pop();
                stack.add(construct((Known) stack.pop(), arguments));
            }
            case Opcodes.NEWOBJ_EX -> {
                stack.pop();
                Object[] arguments = (Object[]) stack.pop();
                stack.add(construct((Known) stack.pop(), arguments));
            }
            // Attributes beside the items of a dictionary (`_metadata` of a state dict) or of an ignored object.
            case Opcodes.BUILD -> stack.pop();
            default ->
                throw refused("uses pickle instruction 0x" + Integer.toHexString(instruction & 0xff)
                        + ", which torch.save does not write; it is not read");
        }
        return NO_RETURN_VALUE;
    }

    /// The library allocates what a length says before it reads; a length beyond the end must not get that far.
    private void requireAvailable(int lengthBytes) throws IOException {
        input.mark(lengthBytes);
        byte[] field = Arrays.copyOf(input.readNBytes(lengthBytes), Long.BYTES);
        long length = ByteBuffer.wrap(field).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > input.available()) {
            throw refused("is cut off or damaged: its pickle announces " + Long.toUnsignedString(length)
                    + " bytes where " + input.available() + " follow");
        }
        input.reset();
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> items) {
        if (!(stack.peek() instanceof Inert)) {
            ((List<Object>) stack.peek()).addAll(items);
        }
    }

    @SuppressWarnings("unchecked")
    private void put(List<Object> keysAndValues) throws CheckpointException {
        if (stack.peek() instanceof Inert) {
            return;
        }
        Map<Object, Object> map = (Map<Object, Object>) stack.peek();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Object key = keysAndValues.get(i);
            if (key instanceof List || key instanceof Map) {
                // Python cannot hash these; a list that holds itself would never finish hashing here.
                throw refused("is damaged: a list or dictionary stands where a name should");
            }
            map.put(key, keysAndValues.get(i + 1));
        }
    }

    private Known named(String module, String name) throws CheckpointException {
        String qualified = module + "." + name;
        Known known = KNOWN.getOrDefault(qualified, IGNORED.get(qualified));
        if (known == null) {
            throw refusedName(module, name);
        }
        return known;
    }

    private CheckpointException refusedName(String module, String name) {
        String qualified = CheckpointException.quoted(module + "." + name);
        if (qualified.matches("torch\\.\\w+Storage|torch\\._utils\\._rebuild_\\w+")) {
            return refused("refers to " + qualified
                    + ", a kind of tensor that is not read here; save plain dense tensors instead");
        }
        return refused("refers to " + qualified + ": such a file could run code, it is not read. Where you trust it, "
                + "save only model.state_dict() with PyTorch, or convert it to safetensors");
    }

    private Object construct(Known known, Object[] arguments) throws CheckpointException {
        return switch (known) {
            case Constructor.DICTIONARY -> dictionary(arguments);
            case Constructor.TENSOR -> tensor(arguments);
            case Constructor.PARAMETER, Constructor.SIZE -> arguments[0];
            case Ignored(String name) -> new Inert(name);
            case StorageClass(ElementType type) ->
                throw refused("makes a storage of " + type + " of its own outside the archive");
        };
    }

    /// Since Python 2.7 an `OrderedDict` is made empty, or from a list of pairs; a `defaultdict` from its factory.
    private Map<Object, Object> dictionary(Object[] arguments) throws CheckpointException {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (arguments.length > 0 && arguments[0] instanceof List<?> pairs) {
            stack.add(map);
            for (Object pair : pairs) {
                put(pair instanceof List<?> items ? new ArrayList<>(items) : Arrays.asList((Object[]) pair));
            }
            stack.pop();
        }
        return map;
    }

    /// Arguments of `_rebuild_tensor_v2`: storage, offset, sizes, strides, then some about gradients.
    private StridedView tensor(Object[] arguments) throws CheckpointException {
        Storage storage = (Storage) arguments[0];
        try {
            return new StridedView(
                    storage.type,
                    storage.key,
                    storage.elements,
                    integer(arguments[1]),
                    integers((Object[]) arguments[2]),
                    integers((Object[]) arguments[3]));
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    file,
                    CheckpointException.quoted(
                            "is damaged: a tensor in storage " + storage.key + " has " + e.getMessage()),
                    e);
        }
    }

    /// Answers BINPERSID, by which torch.save refers to the bytes of a tensor:
    /// `("storage", class, key, device, elements)`.
    @Override
    protected Object persistentLoad(Object id) {
        Object[] fields = (Object[]) id;
        if (fields.length != 5 || !"storage".equals(fields[0])) {
            throw new IllegalArgumentException("not a storage of torch.save");
        }
        return new Storage(((StorageClass) fields[1]).type, (String) fields[2], integer(fields[4]));
    }

    private static long integer(Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number;
            default -> throw new IllegalArgumentException("something that is no 64-bit integer for a size");
        };
    }

    private static List<Long> integers(Object[] values) {
        if (values.length > StridedView.HIGHEST_RANK) {
            throw new IllegalArgumentException(values.length + " dimensions");
        }
        return Arrays.stream(values).map(CheckpointPickle::integer).toList();
    }

    private CheckpointException refused(String problem) {
        return new CheckpointException(file, problem);
    }
}
