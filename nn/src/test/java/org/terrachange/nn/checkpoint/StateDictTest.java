package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateDictTest {
    private static StateDict named(String... names) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            tensors.put(name, HostTensor.ofFloats(new float[] {tensors.size()}, 1));
        }
        return StateDict.of(tensors, Map.of("epoch", "3"));
    }

    @Test
    void namesKeepTheirOrderAndSortOnRequest() {
        StateDict state = named("b", "a", "c");
        assertThat(state.tensors().keySet()).containsExactly("b", "a", "c");
        assertThat(state.sortedByName().tensors().keySet()).containsExactly("a", "b", "c");
        assertThat(state.sortedByName().metadata()).containsEntry("epoch", "3");
    }

    @Test
    void aMissingTensorIsNamedWithThoseThatExist() {
        assertThatThrownBy(() -> named("a", "b", "c", "d").get("conv1.weight"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("tensors in memory: holds no tensor named conv1.weight, only 4 others (a, b, c, ...)");
        assertThat(named("a").find("b")).isEmpty();
    }

    @Test
    void integersAreNotReadAsFloats() {
        StateDict state = StateDict.of(Map.of("steps", HostTensor.ofLongs(new long[] {7})), Map.of());
        assertThatThrownBy(() -> state.toFloats("steps"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("steps holds I64");
    }

    @Test
    void wrapperPrefixesAreStrippedOneAfterAnother() throws Exception {
        StateDict state = named("module.encoder.conv1.weight", "module.encoder.bn1.weight", "module.head.weight");
        assertThat(state.withoutCommonPrefix(StateDict.WRAPPER_PREFIXES.toArray(String[]::new))
                        .tensors()
                        .keySet())
                .containsExactly("conv1.weight", "bn1.weight", "head.weight");
    }

    @Test
    void aPrefixOfOnlyHalfTheNamesStays() throws Exception {
        StateDict state = named("encoder.a", "encoder.b", "c", "d");
        assertThat(state.withoutCommonPrefix("encoder.").tensors().keySet())
                .containsExactly("encoder.a", "encoder.b", "c", "d");
    }

    @Test
    void strippingMustNotMergeTwoTensors() {
        assertThatThrownBy(() -> named("module.a", "a").withoutPrefix("module."))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("two tensors would both be named a");
    }

    @Test
    void oneBranchOfANetworkCanBeTakenAlone() throws Exception {
        StateDict branch = named("q.w", "k.w", "q.b", "queue").under("q.");
        assertThat(branch.tensors().keySet()).containsExactly("w", "b");
        assertThat(branch.toFloats("b")).containsExactly(2);
    }

    @Test
    void theMapsCannotBeChanged() {
        StateDict state = named("a");
        assertThatThrownBy(() -> state.tensors().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> state.metadata().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void closingTensorsOfTheCallerLeavesThemReadable() throws Exception {
        StateDict state = named("a");
        state.close();
        assertThat(state.toFloats("a")).containsExactly(0);
        assertThat(state.elements()).isEqualTo(1);
    }
}
