package org.terrachange.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerChoiceTest {
    private static final List<OptimizerChoice> OFFERED = List.of(OptimizerChoice.ADAMW, OptimizerChoice.MUON);

    @Test
    void namesCountInAnyCase() {
        assertThat(OptimizerChoice.parse("AdamW", OFFERED)).isEqualTo(OptimizerChoice.ADAMW);
        assertThat(OptimizerChoice.parse(" muon ", OFFERED)).isEqualTo(OptimizerChoice.MUON);
    }

    @Test
    void whatIsNotOfferedIsRefusedWithWhatIs() {
        for (String name : new String[] {"lars", "sgd", ""}) {
            assertThatThrownBy(() -> OptimizerChoice.parse(name, OFFERED))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + name + "' is no optimizer; choose adamw or muon");
        }
    }
}
