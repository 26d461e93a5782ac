package org.terrachange.nn.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.optim.Optimizer;
import org.terrachange.nn.optim.WeightAverage;
import org.terrachange.nn.tensor.Parameters;

/// The loop that every training run goes through: step after step with its learning rate, a measurement after
/// every stretch, and a state on disk every two minutes and after each measurement.
///
/// A run whose examples follow from their numbers alone, started again over the same state file, ends with the
/// same weights as one that was never interrupted.
public final class TrainingLoop {
    private static final long STATE_EVERY_NANOS = 120_000_000_000L;

    private final Learning learning;
    private final Pace pace;
    private final StateFile file;
    private final TrainingState state;
    private double best;

    /// What a run changes.
    ///
    /// @param parameters of the network
    /// @param optimizer that moves them
    /// @param average of the weights, where the run keeps one
    public record Learning(Parameters parameters, Optimizer optimizer, Optional<WeightAverage> average) {}

    /// Where a run goes on from.
    ///
    /// @param path of the file, in a folder that exists; the file may be missing
    /// @param plan everything that decides the outcome of the run, in words
    public record StateFile(Path path, String plan) {}

    /// Takes up the state on disk where there is one.
    ///
    /// @throws CheckpointException if the state belongs to another plan
    public TrainingLoop(Learning learning, Pace pace, StateFile file) throws IOException {
        this.learning = learning;
        this.pace = pace;
        this.file = file;
        state = new TrainingState(learning.parameters(), learning.optimizer(), learning.average());
        best = Files.exists(file.path()) ? state.read(file.path(), file.plan()) : -1;
    }

    /// Number of steps made so far, those before an interruption included.
    public long step() {
        return learning.optimizer().steps();
    }

    /// Runs to the end of the plan.
    ///
    /// @param examples from those of [#step] on; closed by whoever opened them
    /// @throws InterruptedException if the thread is interrupted; the state on disk is up to two minutes old then
    public <B> void run(Examples<B> examples, Learner<B> learner) throws IOException, InterruptedException {
        long stateWritten = System.nanoTime();
        long stretchBegan = stateWritten;
        long waited = 0;
        double lossSum = 0;
        long lossCount = 0;
        while (step() < pace.steps()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            double rate = pace.rates().at(step());
            double loss = learner.gradients(examples.next());
            move(rate, learner);
            lossSum += loss;
            lossCount++;
            learner.stepped(step(), loss, rate);
            boolean measures = pace.measuresAt(step());
            if (measures) {
                double waitedShare = (double) (examples.waitedNanos() - waited) / (System.nanoTime() - stretchBegan);
                measure(learner, new Stretch(step(), rate, lossSum / lossCount, waitedShare));
                lossSum = 0;
                lossCount = 0;
                waited = examples.waitedNanos();
                stretchBegan = System.nanoTime();
            }
            if (measures || System.nanoTime() - stateWritten > STATE_EVERY_NANOS) {
                state.write(file.path(), file.plan(), best);
                stateWritten = System.nanoTime();
            }
        }
    }

    private void move(double rate, Learner<?> learner) {
        if (pace.gradientLimit() < Pace.UNLIMITED) {
            learning.parameters().clipGradients(pace.gradientLimit());
        }
        learning.optimizer().step(rate);
        learner.moved();
        learning.average().ifPresent(WeightAverage::update);
    }

    private void measure(Learner<?> learner, Stretch stretch) throws IOException {
        learning.average().ifPresent(WeightAverage::swap);
        best = learner.measured(stretch, best);
        learning.average().ifPresent(WeightAverage::swap);
    }
}
