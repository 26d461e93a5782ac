package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CheckpointPickleTest {
    private static final Path FILE = Path.of("weights.pth");

    private static Object read(PickleAssembler pickle) throws CheckpointException {
        return Objects.requireNonNull(CheckpointPickle.read(FILE, pickle.stop()));
    }

    @Test
    void plainValuesKeepTheirOrderAndKind() throws Exception {
        Object value = read(new PickleAssembler()
                .emptyDict()
                .mark()
                .text("z")
                .number(1)
                .text("a")
                .ascii("]")
                .mark()
                .number(1L << 40)
                .bytes(0x88)
                .ascii("Ne")
                .text("m")
                .numbers(3, 4)
                .setItems());
        assertThat(value).isInstanceOf(Map.class);
        Map<?, ?> map = (Map<?, ?>) value;
        assertThat(map.keySet().stream().map(Object::toString)).containsExactly("z", "a", "m");
        assertThat(map.get("a")).asInstanceOf(InstanceOfAssertFactories.LIST).containsExactly(1L << 40, true, null);
        assertThat((Object[]) map.get("m")).containsExactly(3, 4);
    }

    @Test
    void aTensorAndAParameterBecomeViewsOfTheirStorage() throws Exception {
        Object value = read(new PickleAssembler()
                .orderedDict()
                .text("w")
                .global("torch._utils", "_rebuild_parameter")
                .mark()
                .tensor("HalfStorage", "0", 20, 2, new long[] {3, 2}, new long[] {1, 3})
                .bytes(0x88)
                .orderedDict()
                .tuple()
                .reduce()
                .setItem());
        assertThat(((Map<?, ?>) value).get("w"))
                .isEqualTo(new StridedView(ElementType.F16, "0", 20, 2, List.of(3L, 2L), List.of(1L, 3L)));
    }

    /// Pickles that would run code in Python, and the name by which each is refused.
    static List<Attack> attacks() {
        return List.of(
                new Attack(
                        "posix.system",
                        p -> p.global("posix", "system")
                                .text("touch pwned")
                                .tuple1()
                                .reduce()),
                new Attack("os.system", p -> p.ascii("cos\nsystem\n(S'id'\ntR")),
                new Attack(
                        "builtins.eval",
                        p -> p.global("builtins", "eval").text("1").tuple1().reduce()),
                new Attack("__builtin__.eval", p -> p.global("__builtin__", "eval")),
                new Attack(
                        "builtins.getattr",
                        p -> p.text("builtins").text("getattr").bytes(0x93)),
                new Attack(
                        "nt.system",
                        p -> p.bytes(0x8c, 2)
                                .ascii("nt")
                                .bytes(0x8c, 6)
                                .ascii("system")
                                .bytes(0x93)),
                new Attack("subprocess.Popen", p -> p.ascii("(").text("id").ascii("isubprocess\nPopen\n")),
                // The names come out of the memo, so that they do not stand beside the instruction.
                new Attack(
                        "posix.system",
                        p -> p.text("system")
                                .ascii("q\1")
                                .text("posix")
                                .ascii("q\2")
                                .ascii("00h\2h\1")
                                .bytes(0x93)),
                // Deep inside a state dict, behind a harmless tensor.
                new Attack(
                        "builtins.exec",
                        p -> p.orderedDict()
                                .text("w")
                                .tensor("FloatStorage", "0", 1, 0, new long[0], new long[0])
                                .setItem()
                                .text("v")
                                .emptyDict()
                                .text("x")
                                .global("builtins", "exec")
                                .text("1")
                                .tuple1()
                                .reduce()
                                .setItem()
                                .setItem()),
                // As a hook of a tensor, where torch passes an OrderedDict.
                new Attack(
                        "builtins.exec",
                        p -> p.global("torch._utils", "_rebuild_tensor_v2")
                                .mark()
                                .storage("FloatStorage", "0", 1)
                                .number(0)
                                .numbers()
                                .numbers()
                                .bytes(0x89)
                                .global("builtins", "exec")
                                .tuple()
                                .reduce()),
                new Attack("torch.storage._load_from_bytes", p -> p.global("torch.storage", "_load_from_bytes")),
                new Attack("torch.load", p -> p.global("torch", "load")),
                new Attack("torch.hub.load", p -> p.global("torch.hub", "load")),
                new Attack("torch.nn.modules.linear.Linear", p -> p.global("torch.nn.modules.linear", "Linear")),
                new Attack("copyreg._reconstructor", p -> p.global("copyreg", "_reconstructor")),
                new Attack(
                        "argparse.Namespace.__init__",
                        p -> p.text("argparse").text("Namespace.__init__").bytes(0x93)),
                // Registered in the library itself, which would build a Java object for each.
                new Attack(
                        "decimal.Decimal",
                        p -> p.global("decimal", "Decimal")
                                .text("1e999999999")
                                .tuple1()
                                .reduce()),
                new Attack("array.array", p -> p.global("array", "array")),
                new Attack("operator.attrgetter", p -> p.global("operator", "attrgetter")),
                new Attack("exceptions.Exception", p -> p.global("exceptions", "Exception")));
    }

    record Attack(String name, Function<PickleAssembler, PickleAssembler> program) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void aPickleThatNamesAnythingElseIsRefusedByThatName(Attack attack) {
        PickleAssembler pickle = attack.program.apply(new PickleAssembler());
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("weights.pth: refers to " + attack.name)
                .hasMessageContaining("could run code, it is not read");
    }

    @Test
    void sparseAndQuantizedTensorsAreRefusedAsTensors() {
        assertThatThrownBy(() -> read(new PickleAssembler().global("torch._utils", "_rebuild_sparse_tensor")))
                .hasMessageContaining("torch._utils._rebuild_sparse_tensor, a kind of tensor that is not read");
        assertThatThrownBy(() -> read(new PickleAssembler().storage("ComplexFloatStorage", "0", 1)))
                .hasMessageContaining("torch.ComplexFloatStorage, a kind of tensor that is not read");
    }

    /// Instructions of other protocols and extensions, none of which torch.save writes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "S'a'\n", "Va\n", "I1\n", "L1L\n", "F1.0\n", "(l", "(d", "(o", "Pid\n", "g0\n", "\u0082a", "\u0097"
            })
    void instructionsThatTorchDoesNotWriteAreRefused(String instruction) {
        assertThatThrownBy(() -> read(new PickleAssembler().ascii(instruction)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("instruction 0x");
    }

    @Test
    void settingsOfATrainingScriptAreInert() throws Exception {
        Object namespace = read(new PickleAssembler()
                .global("argparse", "Namespace")
                .emptyTuple()
                .bytes(0x81)
                .emptyDict()
                .text("lr")
                .number(1)
                .setItem()
                .ascii("b"));
        assertThat(namespace).isEqualTo(new CheckpointPickle.Inert("argparse.Namespace"));

        Object scalar = read(new PickleAssembler()
                .global("numpy.core.multiarray", "scalar")
                .global("numpy", "dtype")
                .text("f8")
                .bytes(0x89, 0x88, 0x87)
                .reduce()
                .number(0)
                .ascii("b")
                .global("_codecs", "encode")
                .text("x")
                .text("latin1")
                .bytes(0x86)
                .reduce()
                .bytes(0x86)
                .reduce());
        assertThat(scalar).isEqualTo(new CheckpointPickle.Inert("numpy.core.multiarray.scalar"));
    }

    @Test
    void aLengthBeyondTheEndIsRefusedBeforeItIsAllocated() {
        for (String opcode : List.of("X", "T", "B", "\u008b")) {
            assertThatThrownBy(() -> read(new PickleAssembler().ascii(opcode).int32(0x7ffffff0)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("announces 2147483632 bytes where 1 follow");
            assertThatThrownBy(() -> read(new PickleAssembler().ascii(opcode).int32(-1)))
                    .isInstanceOf(CheckpointException.class);
        }
        assertThatThrownBy(() -> read(new PickleAssembler().bytes(0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("announces 9223372036854775808 bytes");
    }

    @Test
    void aMillionBytesThatEachAskForAnObjectAreRefused() {
        PickleAssembler pickle = new PickleAssembler().ascii("}".repeat(3_000_000));
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("more than any network has");
    }

    @Test
    void aListThatHoldsItselfIsReadAndOneUsedAsAKeyRefused() throws Exception {
        Object list = read(new PickleAssembler().ascii("]q\1h\1a"));
        assertThat((Object) ((List<?>) list).getFirst()).isSameAs(list);
        assertThatThrownBy(() -> read(new PickleAssembler()
                        .emptyDict()
                        .ascii("]q\1h\1a")
                        .number(1)
                        .setItem()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("stands where a name should");
    }

    @Test
    void manySmallAppendsTakeLinearTime() throws Exception {
        PickleAssembler pickle = new PickleAssembler().ascii("]").ascii("(Ne".repeat(600_000));
        assertThat((List<?>) read(pickle)).hasSize(600_000);
    }

    @Test
    void aTensorThatReachesOutsideItsStorageIsRefused() {
        assertThatThrownBy(() -> read(
                        new PickleAssembler().tensor("FloatStorage", "7", 6, 1, new long[] {2, 3}, new long[] {3, 1})))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("a tensor in storage 7")
                .hasMessageContaining("reach beyond a storage of 6 elements");
        assertThatThrownBy(() -> read(new PickleAssembler()
                        .tensor("FloatStorage", "7", 6, 0, new long[] {2}, new long[] {Long.MAX_VALUE})))
                .isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() ->
                        read(new PickleAssembler().tensor("FloatStorage", "7", 6, -1, new long[] {2}, new long[] {1})))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("negative offset or stride");
        assertThatThrownBy(() -> read(new PickleAssembler()
                        .tensor("FloatStorage", "7", 6, 0, new long[] {1L << 40, 1L << 40}, new long[] {0, 0})))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("too large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "R",
                "s",
                "t",
                "a",
                "b",
                "Q",
                "h\5",
                "NNR",
                "]NR",
                "NQ",
                "N\u0085Q",
                "\u0093",
                "NN\u0093"
            })
    void aProgramThatMakesNoSenseIsDamaged(String program) {
        byte[] pickle = new PickleAssembler().ascii(program).stop();
        assertThatThrownBy(() -> CheckpointPickle.read(FILE, pickle))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("weights.pth: ");
    }
}
