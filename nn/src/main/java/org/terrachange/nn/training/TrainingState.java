package org.terrachange.nn.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.optim.Optimizer;
import org.terrachange.nn.optim.WeightAverage;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameters;

/// Everything that changes while a run goes on, as one file: what is needed to go on from a step as if nothing had
/// happened. Crops and learning rate follow from the step, so they are not stored.
public final class TrainingState {
    private final Parameters parameters;
    private final Optimizer optimizer;
    private final Optional<WeightAverage> average;

    /// @param average of the weights, where the run keeps one
    public TrainingState(Parameters parameters, Optimizer optimizer, Optional<WeightAverage> average) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.average = average;
    }

    private Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("values", parameters.values());
        tensors.put("statistics", parameters.statistics());
        new TreeMap<>(optimizer.state()).forEach((name, tensor) -> tensors.put("optimizer." + name, tensor));
        average.ifPresent(kept -> {
            tensors.put("average.values", kept.values());
            tensors.put("average.statistics", kept.statistics());
        });
        return tensors;
    }

    /// Stores the state.
    ///
    /// @param plan everything that decides the outcome of the run, in words
    /// @param best highest score so far
    public void write(Path file, String plan, double best) throws IOException {
        Map<String, HostTensor> copies = new LinkedHashMap<>();
        tensors().forEach((name, tensor) -> copies.put(name, HostCopies.toHost(tensor)));
        Map<String, String> metadata =
                Map.of("plan", plan, "step", Long.toString(optimizer.steps()), "best", Double.toString(best));
        SafetensorsFile.write(file, StateDict.of(copies, metadata));
    }

    /// Brings all processes to where the first one is.
    ///
    /// @param best highest score so far in the first process
    /// @return the same in all
    double share(ProcessGroup group, double best) {
        if (group.isAlone()) {
            return best;
        }
        tensors().values().forEach(group::broadcast);
        long step = (long) group.all(optimizer.steps())[0];
        if (!group.first()) {
            optimizer.resumeAt(step);
            average.ifPresent(kept -> kept.resumeAt(step));
        }
        return group.all(best)[0];
    }

    /// Brings the run to where it was when the state was stored.
    ///
    /// @return the highest score so far
    /// @throws CheckpointException if the state belongs to another plan
    public double read(Path file, String plan) throws IOException {
        try (StateDict state = SafetensorsFile.read(file)) {
            String stored = state.metadata().getOrDefault("plan", "");
            if (!stored.equals(plan)) {
                throw new CheckpointException(
                        file,
                        "belongs to a run with other settings; continue it with the same ones or choose another output"
                                + " folder\n  stored: " + stored + "\n  given:  " + plan);
            }
            for (Map.Entry<String, Tensor> entry : tensors().entrySet()) {
                HostCopies.fill(entry.getValue(), state.toFloats(entry.getKey()));
            }
            long step = Long.parseLong(state.metadata().get("step"));
            optimizer.resumeAt(step);
            average.ifPresent(kept -> kept.resumeAt(step));
            return Double.parseDouble(state.metadata().get("best"));
        }
    }
}
