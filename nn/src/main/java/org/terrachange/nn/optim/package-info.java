/// Optimisation: AdamW, Muon and LARS, learning-rate schedules and the averaging of weights.
@NullMarked
package org.terrachange.nn.optim;

import org.jspecify.annotations.NullMarked;
