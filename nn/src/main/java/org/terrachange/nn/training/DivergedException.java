package org.terrachange.nn.training;

import java.io.IOException;
import java.io.Serial;

/// A training whose loss or gradient is no finite number any more: going on would only spoil the weights. The state on
/// disk is from before. The message is meant for the person who chose the settings.
public final class DivergedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    DivergedException(String what, double value, long step) {
        super("the training has diverged: " + what + " of step " + (step + 1) + " is " + value
                + "; begin again in another folder with a lower --lr or a longer --warmup");
    }
}
