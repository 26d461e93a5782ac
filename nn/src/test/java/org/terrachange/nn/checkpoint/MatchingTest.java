package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MatchingTest {
    private static StateDict found(String... names) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            tensors.put(name, HostTensor.ofFloats(new float[] {0, 0}, 2));
        }
        return StateDict.of(tensors, Map.of());
    }

    private static Map<String, List<Long>> expected(String... names) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (String name : names) {
            shapes.put(name, List.of(2L));
        }
        return shapes;
    }

    @Test
    void equalNamesAndShapesMatch() throws CheckpointException {
        Matching matching = Matching.compare(expected("a", "b"), found("b", "a"));
        assertThat(matching.isExact()).isTrue();
        matching.requireExact();
    }

    @Test
    void countersOfBatchNormAreIgnoredOnBothSides() {
        assertThat(Matching.compare(expected("bn1.weight", "bn1.num_batches_tracked"), found("bn1.weight"))
                        .isExact())
                .isTrue();
        assertThat(Matching.compare(expected("bn1.weight"), found("bn1.weight", "bn1.num_batches_tracked"))
                        .isExact())
                .isTrue();
    }

    @Test
    void everyKindOfDifferenceStandsInOneMessage() {
        Map<String, List<Long>> expected = expected("a", "b");
        expected.put("fc.weight", List.of(10L, 2L));
        Matching matching = Matching.compare(expected, found("a", "c", "fc.weight"));
        assertThatThrownBy(matching::requireExact)
                .isInstanceOf(CheckpointException.class)
                .hasMessage("tensors in memory: does not fit this network: it lacks 1 tensor: b; "
                        + "it has in another shape 1 tensor: fc.weight ([2] where [10, 2] is expected); "
                        + "it has unexpected 1 tensor: c");
    }

    @Test
    void moreThanIsExpectedIsFineForAPartOfANetwork() {
        Matching matching = Matching.compare(expected("a"), found("a", "fc"));
        assertThatCode(matching::requireAllExpected).doesNotThrowAnyException();
        assertThatThrownBy(matching::requireExact).hasMessageContaining("it has unexpected 1 tensor: fc");
    }

    @Test
    void longListsAreCutAtTen() {
        String[] names = IntStream.range(0, 300).mapToObj(i -> "n" + i).toArray(String[]::new);
        assertThatThrownBy(() -> Matching.compare(expected(names), found()).requireAllExpected())
                .hasMessageContaining("lacks 300 tensors: n0, ")
                .hasMessageEndingWith("n9, ...");
    }

    @Test
    void aPrefixTooManyOrTooFewIsPointedOut() {
        assertThat(Matching.compare(expected("a.w", "b.w"), found("module.a.w", "module.b.w", "x"))
                        .hint())
                .contains("most of its names begin with 'module.'; strip that prefix");
        assertThat(Matching.compare(expected("encoder.a.w", "encoder.b.w", "out.w"), found("a.w", "b.w"))
                        .hint())
                .get()
                .asString()
                .contains("lack the prefix 'encoder.'");
    }

    @Test
    void anotherKnownNetworkIsRecognisedByItsNames() {
        assertThatThrownBy(() -> Matching.compare(
                                expected("layer1.0.conv3.weight"),
                                found("visual.transformer.resblocks.0.attn.in_proj_weight", "logit_scale"))
                        .requireAllExpected())
                .hasMessageEndingWith("Hint: its names are those of open_clip's CLIP");
        assertThat(Matching.compare(
                                expected("layer1.0.conv3.weight"),
                                found("layer1.0.conv2.weight", "layer4.0.conv1.weight"))
                        .hint())
                .contains("its names are those of torchvision's ResNet-18 or 34");
    }
}
