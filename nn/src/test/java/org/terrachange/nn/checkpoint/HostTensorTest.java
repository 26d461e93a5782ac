package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostTensorTest {
    @Test
    void aShapeThatDoesNotFillTheMemoryIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HostTensor(ElementType.F32, List.of(2L, 3L), MemorySegment.ofArray(new byte[20])))
                .withMessage("F32 [2, 3] takes 24 bytes, not 20");
    }

    @Test
    void negativeAndOverflowingShapesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostTensor.byteSize(ElementType.U8, List.of(-1L, 0L)))
                .withMessageContaining("negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostTensor.byteSize(ElementType.F32, List.of(1L << 31, 1L << 31)))
                .withMessageContaining("too large");
    }

    @Test
    void anEmptyTensorMayHaveHugeOtherDimensions() {
        assertThat(HostTensor.byteSize(ElementType.F32, List.of(1L << 62, 1L << 62, 0L)))
                .isZero();
    }

    @Test
    void anEmptyShapeIsOneNumber() {
        HostTensor scalar = HostTensor.ofFloats(new float[] {4.5f});
        assertThat(scalar.shape()).isEmpty();
        assertThat(scalar.elements()).isEqualTo(1);
        assertThat(scalar.toFloats()).containsExactly(4.5f);
    }

    @Test
    void valuesAreCopiedInAndLieLittleEndian() {
        float[] values = {1, 2};
        HostTensor tensor = HostTensor.ofFloats(values, 2);
        values[0] = 9;
        assertThat(tensor.toFloats()).containsExactly(1, 2);
        assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
        assertThat(HostTensor.ofLongs(new long[] {258}, 1).data().toArray(ValueLayout.JAVA_BYTE))
                .containsExactly(2, 1, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void theMemoryCannotBeWrittenThroughTheTensor() {
        HostTensor tensor = HostTensor.ofFloats(new float[] {1}, 1);
        assertThat(tensor.data().isReadOnly()).isTrue();
    }

    @Test
    void integersDoNotBecomeFloats() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostTensor.ofLongs(new long[] {1}, 1).toFloats())
                .withMessageContaining("I64");
    }
}
