package org.terrachange.nn.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Named tensors in the order of their file, with the file's textual metadata.
///
/// The names and the metadata never change. The tensors of a file are windows onto the mapped file, so opening
/// costs little and pages are read when touched; the file must not be changed while it is open. [#close()]
/// releases the memory. The renaming methods return a dictionary over the same memory: closing either closes both.
public final class StateDict implements AutoCloseable {
    /// Prefixes that training code puts before a network's own names: `module.` by `DataParallel`, the others by a
    /// wrapping module's attribute.
    public static final List<String> WRAPPER_PREFIXES = List.of("module.", "model.", "backbone.", "encoder.");

    private final String source;
    private final SequencedMap<String, HostTensor> tensors;
    private final Map<String, String> metadata;
    private final @Nullable Arena memory;

    private StateDict(
            String source, Map<String, HostTensor> tensors, Map<String, String> metadata, @Nullable Arena memory) {
        this.source = source;
        this.tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
        this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        this.memory = memory;
    }

    /// A dictionary over tensors whose memory stays the caller's: closing it does nothing.
    ///
    /// @param tensors in the order in which [SafetensorsFile#write] shall store them
    public static StateDict of(Map<String, HostTensor> tensors, Map<String, String> metadata) {
        return new StateDict("tensors in memory", tensors, metadata, null);
    }

    /// A dictionary that owns `memory`, in which its tensors lie.
    static StateDict owning(Arena memory, Path file, Map<String, HostTensor> tensors, Map<String, String> metadata) {
        return new StateDict(file.toString(), tensors, metadata, memory);
    }

    /// What messages call these tensors: the file's name where they came from a file.
    public String source() {
        return source;
    }

    /// The tensors by name, in order.
    public SequencedMap<String, HostTensor> tensors() {
        return tensors;
    }

    /// Text that the file holds beside its tensors.
    public Map<String, String> metadata() {
        return metadata;
    }

    /// Numbers in all tensors together.
    public long elements() {
        return tensors.values().stream().mapToLong(HostTensor::elements).sum();
    }

    public Optional<HostTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /// The tensor of that name.
    ///
    /// @throws CheckpointException where there is none
    public HostTensor get(String name) throws CheckpointException {
        HostTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new CheckpointException(source, "holds no tensor named " + name + ", only " + firstNames());
        }
        return tensor;
    }

    /// The elements of a tensor as 32-bit floats, in row-major order, whichever floating-point type it is
    /// stored in.
    ///
    /// @throws CheckpointException where there is no such tensor, or it holds integers
    public float[] toFloats(String name) throws CheckpointException {
        HostTensor tensor = get(name);
        if (!tensor.type().isFloating()) {
            throw new CheckpointException(
                    source, "tensor " + name + " holds " + tensor.type() + ", not floating-point numbers");
        }
        return tensor.toFloats();
    }

    /// The same tensors with other metadata.
    public StateDict withMetadata(Map<String, String> replacement) {
        return new StateDict(source, tensors, replacement, memory);
    }

    /// Other tensors made of these, such as two joined into one, under the same source and metadata.
    public StateDict withTensors(Map<String, HostTensor> replacement) {
        return new StateDict(source, replacement, metadata, memory);
    }

    /// The same tensors in the order of their names.
    public StateDict sortedByName() {
        return new StateDict(source, new TreeMap<>(tensors), metadata, memory);
    }

    /// The same tensors under the names that `rename` makes of theirs.
    ///
    /// @throws CheckpointException where two tensors would get one name
    public StateDict renamed(UnaryOperator<String> rename) throws CheckpointException {
        Map<String, HostTensor> result = LinkedHashMap.newLinkedHashMap(tensors.size());
        for (Map.Entry<String, HostTensor> entry : tensors.entrySet()) {
            String name = rename.apply(entry.getKey());
            if (result.put(name, entry.getValue()) != null) {
                throw new CheckpointException(
                        source, "two tensors would both be named " + CheckpointException.quoted(name));
            }
        }
        return new StateDict(source, result, metadata, memory);
    }

    /// Only the tensors whose names begin with `prefix`, named by what follows it. May be empty.
    public StateDict under(String prefix) {
        Map<String, HostTensor> result = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                result.put(name.substring(prefix.length()), tensor);
            }
        });
        return new StateDict(source, result, metadata, memory);
    }

    /// Removes `prefix` from the names that begin with it; the others stay.
    ///
    /// @throws CheckpointException where two tensors would get one name
    public StateDict withoutPrefix(String prefix) throws CheckpointException {
        return renamed(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name);
    }

    /// Removes the prefixes that wrapping left before most names, one after another: of
    /// `module.encoder.conv1.weight` remains `conv1.weight`. A prefix goes when more than half of the names
    /// begin with it, and goes from exactly those; names without it (a projection head beside the encoder)
    /// stay as they are.
    ///
    /// Ask only for prefixes that the expected names themselves do not use: a network whose own names begin with
    /// `encoder.` must not have that stripped.
    ///
    /// @param prefixes with their final dot, such as those of [#WRAPPER_PREFIXES]
    /// @throws CheckpointException where two tensors would get one name
    public StateDict withoutCommonPrefix(String... prefixes) throws CheckpointException {
        StateDict result = this;
        Optional<String> common = result.commonPrefix(prefixes);
        while (common.isPresent()) {
            result = result.withoutPrefix(common.get());
            common = result.commonPrefix(prefixes);
        }
        return result;
    }

    private Optional<String> commonPrefix(String... prefixes) {
        return Arrays.stream(prefixes)
                .filter(prefix -> !prefix.isEmpty())
                .filter(prefix -> 2
                                * tensors.keySet().stream()
                                        .filter(name -> name.startsWith(prefix))
                                        .count()
                        > tensors.size())
                .findFirst();
    }

    private String firstNames() {
        List<String> first = tensors.keySet().stream()
                .limit(3)
                .map(CheckpointException::quoted)
                .toList();
        return tensors.size() + " others (" + String.join(", ", first) + (tensors.size() > 3 ? ", ...)" : ")");
    }

    /// Releases the memory of the tensors that came from a file.
    @Override
    public void close() {
        if (memory != null && memory.scope().isAlive()) {
            memory.close();
        }
    }

    @Override
    public String toString() {
        return source + ": " + tensors.size() + " tensors, " + elements() + " elements";
    }
}
