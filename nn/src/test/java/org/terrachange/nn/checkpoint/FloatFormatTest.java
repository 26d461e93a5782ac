package org.terrachange.nn.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FloatFormatTest {
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void everyPatternOfSixteenBitsSurvivesTheWayThroughFloat(ElementType type) {
        ByteBuffer patterns = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1 << 16; i++) {
            patterns.putShort((short) i);
        }
        float[] values = new float[1 << 16];
        FloatFormat.read(type, MemorySegment.ofArray(patterns.array()), 0, values, values.length);
        byte[] back = new byte[2 << 16];
        FloatFormat.write(type, values, values.length, MemorySegment.ofArray(back));

        ByteBuffer result = ByteBuffer.wrap(back).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1 << 16; i++) {
            if (Float.isNaN(values[i])) {
                float[] again = new float[1];
                FloatFormat.read(type, MemorySegment.ofArray(back), i, again, 1);
                assertThat(again[0]).as("pattern %x", i).isNaN();
            } else {
                assertThat(result.getShort(2 * i)).as("pattern %x", i).isEqualTo((short) i);
            }
        }
    }

    /// Values and bits by torch.tensor(x).to(torch.bfloat16).view(torch.int16) and .to(torch.float16).
    @ParameterizedTest
    @CsvSource({
        "BF16, 1.0, 3f80",
        "BF16, -2.5, c020",
        "BF16, 3.14159274, 4049",
        "BF16, 1.00390625, 3f80",
        "BF16, 1.01171875, 3f82",
        "BF16, 1.00390637, 3f81",
        "BF16, 3.4028235e38, 7f80",
        "F16, 1.0, 3c00",
        "F16, 3.14159274, 4248",
        "F16, 65504, 7bff",
        "F16, 1e-7, 0002",
    })
    void roundsToTheNearestTiesToEven(ElementType type, float value, String bits) {
        byte[] out = new byte[2];
        FloatFormat.write(type, new float[] {value}, 1, MemorySegment.ofArray(out));
        assertThat(String.format("%02x%02x", out[1], out[0])).isEqualTo(bits);
    }

    @Test
    void theSmallestNanPayloadStaysANan() {
        byte[] out = new byte[2];
        FloatFormat.write(
                ElementType.BF16, new float[] {Float.intBitsToFloat(0x7f800001)}, 1, MemorySegment.ofArray(out));
        assertThat(FloatFormat.value(ElementType.BF16, MemorySegment.ofArray(out), 0))
                .isNaN();
    }

    @Test
    void doublesAreRoundedToFloatsAndReadFromTheMiddle() {
        byte[] bytes = ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(1)
                .putDouble(0.1)
                .putDouble(-3)
                .array();
        float[] values = new float[2];
        FloatFormat.read(ElementType.F64, MemorySegment.ofArray(bytes), 1, values, 2);
        assertThat(values).containsExactly(0.1f, -3f);
        assertThat(FloatFormat.value(ElementType.F64, MemorySegment.ofArray(bytes), 1))
                .isEqualTo(0.1);
    }

    @ParameterizedTest
    @EnumSource(names = {"I64", "I32", "I16", "I8", "U8", "BOOL"})
    void integersAreNotConverted(ElementType type) {
        assertThatThrownBy(() -> FloatFormat.read(type, MemorySegment.ofArray(new byte[8]), 0, new float[1], 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(type.name());
    }
}
