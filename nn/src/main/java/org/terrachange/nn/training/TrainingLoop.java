package org.terrachange.nn.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.distributed.GradientBuckets;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.optim.Optimizer;
import org.terrachange.nn.optim.WeightAverage;
import org.terrachange.nn.tensor.Parameters;

/// The loop that every training run goes through: step after step with its learning rate, a measurement after
/// every stretch, and a state on disk every two minutes and after each measurement.
///
/// Where several processes train together, each computes the gradients of its share of every batch, all make the same
/// step with their mean, and the first one alone measures and writes.
///
/// A run whose examples follow from their numbers alone, started again over the same state file, ends with the
/// same weights as one that was never interrupted.
public final class TrainingLoop {
    private static final long STATE_EVERY_NANOS = 120_000_000_000L;

    private final Learning learning;
    private final Pace pace;
    private final StateFile file;
    private final ProcessGroup group;
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

    /// Takes up the state on disk where there is one, which the first process reads for all.
    ///
    /// @param group the processes that share every batch
    /// @throws CheckpointException if the state belongs to another plan
    /// @throws IllegalArgumentException if the processes were started with different plans
    public TrainingLoop(Learning learning, Pace pace, StateFile file, ProcessGroup group) throws IOException {
        this.learning = learning;
        this.pace = pace;
        this.file = file;
        this.group = group;
        requireOnePlan();
        state = new TrainingState(learning.parameters(), learning.optimizer(), learning.average());
        double stored = group.first() && Files.exists(file.path()) ? state.read(file.path(), file.plan()) : -1;
        best = state.share(group, stored);
    }

    private void requireOnePlan() {
        double[] plans = group.all(file.plan().hashCode());
        for (int rank = 1; rank < plans.length; rank++) {
            if (plans[rank] != plans[0]) {
                throw new IllegalArgumentException("process " + (rank + 1) + " of " + plans.length
                        + " was started with other settings than the first; give all the same, paths included");
            }
        }
    }

    /// Number of steps made so far, those before an interruption included.
    public long step() {
        return learning.optimizer().steps();
    }

    /// Runs to the end of the plan.
    ///
    /// @param examples from those of [#step] on; closed by whoever opened them
    /// @throws DivergedException if the loss or the gradient is no finite number
    /// @throws InterruptedException if the thread is interrupted; the state on disk is up to two minutes old then
    public <B> void run(Examples<B> examples, Learner<B> learner) throws IOException, InterruptedException {
        try (GradientBuckets buckets = new GradientBuckets(learning.parameters(), group)) {
            steps(examples, learner, buckets);
        } catch (RuntimeException e) {
            throw group.explained(e);
        }
    }

    private <B> void steps(Examples<B> examples, Learner<B> learner, GradientBuckets buckets)
            throws IOException, InterruptedException {
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
            double part = learner.gradients(examples.next(), buckets::overlapNextPass);
            buckets.finish();
            double loss = group.mean(part);
            // The same in every process, as are the gradients.
            if (!Double.isFinite(loss)) {
                throw new DivergedException("the loss", loss, step());
            }
            move(rate, learner);
            lossSum += loss;
            lossCount++;
            learner.stepped(step(), loss, rate);
            boolean measures = pace.measuresAt(step());
            if (measures) {
                double waitedShare = (double) (examples.waitedNanos() - waited) / (System.nanoTime() - stretchBegan);
                Stretch stretch = new Stretch(step(), rate, lossSum / lossCount, waitedShare);
                group.whileOthersWait(() -> measure(learner, stretch));
                lossSum = 0;
                lossCount = 0;
                waited = examples.waitedNanos();
                stretchBegan = System.nanoTime();
            }
            if (measures || System.nanoTime() - stateWritten > STATE_EVERY_NANOS) {
                if (group.first()) {
                    state.write(file.path(), file.plan(), best);
                }
                stateWritten = System.nanoTime();
            }
        }
    }

    private void move(double rate, Learner<?> learner) throws DivergedException {
        double length = learning.parameters().clipGradients(pace.gradientLimit());
        if (!Double.isFinite(length)) {
            throw new DivergedException("the length of the gradient", length, step());
        }
        learning.optimizer().step(rate);
        learner.moved();
        learning.average().ifPresent(WeightAverage::update);
    }

    private void measure(Learner<?> learner, Stretch stretch) throws IOException, InterruptedException {
        learning.average().ifPresent(WeightAverage::swap);
        best = learner.measured(stretch, best);
        learning.average().ifPresent(WeightAverage::swap);
    }
}
