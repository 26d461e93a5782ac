package org.terrachange.nn.optim;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.tensor.Precision;

/// The optimizers by name.
public enum OptimizerChoice {
    ADAMW,
    MUON,
    LARS;

    /// @param name in any case
    /// @param offered those that a run can take
    /// @throws IllegalArgumentException if it is none of them; the message names them
    public static OptimizerChoice parse(String name, List<OptimizerChoice> offered) {
        return offered.stream()
                .filter(choice -> choice.label().equalsIgnoreCase(name.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no optimizer; choose "
                        + String.join(
                                " or ",
                                offered.stream().map(OptimizerChoice::label).toList())));
    }

    /// Its name in lower case.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The optimizer, at its first step. [Lars] moves every parameter at the full rate, whatever its share.
    ///
    /// @param weightDecay as each defines it
    /// @param share of the learning rate at which a parameter learns
    /// @param precision in which [Muon] makes steps orthogonal
    public Optimizer over(
            Parameters parameters, double weightDecay, ToDoubleFunction<Parameter> share, Precision precision) {
        return switch (this) {
            case ADAMW -> new AdamW(parameters, weightDecay, share);
            case MUON -> new Muon(parameters, weightDecay, share, precision);
            case LARS -> new Lars(parameters, weightDecay);
        };
    }
}
