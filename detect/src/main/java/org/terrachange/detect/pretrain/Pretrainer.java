package org.terrachange.detect.pretrain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.data.loader.MemoryBudget;
import org.terrachange.data.loader.Prefetcher;
import org.terrachange.data.views.ImageFolder;
import org.terrachange.data.views.Place;
import org.terrachange.data.views.ViewBatch;
import org.terrachange.data.views.ViewStream;
import org.terrachange.detect.model.EncoderWeights;
import org.terrachange.detect.train.MetricsLog;
import org.terrachange.nn.distributed.ProcessGroup;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.loss.GradientCache;
import org.terrachange.nn.loss.NtXent;
import org.terrachange.nn.model.SimClrNetwork;
import org.terrachange.nn.optim.Optimizer;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.training.Learner;
import org.terrachange.nn.training.RunFolder;
import org.terrachange.nn.training.Stretch;
import org.terrachange.nn.training.TrainingLoop;

/// Pretrains an encoder by SimCLR (Chen et al. 2020).
///
/// The output folder receives `encoder.safetensors`, `metrics.jsonl`, `curves.png` and `state.safetensors`.
/// Started again with the same plan and folder, an interrupted run goes on from its last state and ends with
/// the same weights as one that was never interrupted.
public final class Pretrainer {
    private static final double DECODED_SHARE = 0.5;

    private final PretrainingPlan plan;
    private final Path folder;
    private final ProcessGroup group;
    private final PretrainingListener listener;

    /// @param folder where results go; created if needed
    public Pretrainer(PretrainingPlan plan, Path folder, PretrainingListener listener) {
        this(plan, folder, ProcessGroup.alone(), listener);
    }

    /// @param folder where results go; created if needed
    /// @param group the processes that share every batch
    /// @param listener hears of steps in every process, of measurements in the first
    public Pretrainer(PretrainingPlan plan, Path folder, ProcessGroup group, PretrainingListener listener) {
        this.plan = plan;
        this.folder = folder;
        this.group = group;
        this.listener = listener;
    }

    /// Runs to the end of the plan.
    ///
    /// @return what was measured last, in the first process
    /// @throws IllegalArgumentException if the processes cannot share a part of a batch equally
    /// @throws org.terrachange.nn.checkpoint.CheckpointException if another run is writing to the folder
    public Optional<PretrainingPoint> run() throws IOException, InterruptedException {
        List<Place> places = new ArrayList<>();
        for (Path images : plan.images()) {
            places.addAll(ImageFolder.places(images));
        }
        ViewStream views = new ViewStream(
                places, plan.positives(), plan.views(), plan.window(), plan.seed(), MemoryBudget.ofHeap(DECODED_SHARE));
        Optional<Probe> probe = plan.probe().isPresent() && group.first()
                ? Optional.of(new Probe(plan.probe().get(), plan.views().size(), plan.normalization(), plan.mode()))
                : Optional.empty();
        try (RunFolder _ = RunFolder.hold(folder, group);
                Parameters parameters = new Parameters()) {
            SimClrNetwork network = new SimClrNetwork(plan.encoder(), parameters, group);
            parameters.allocate(plan.seed(), plan.mode().device());
            try (Optimizer optimizer = plan.optimizer()
                    .over(parameters, plan.weightDecay(), _ -> 1, plan.mode().precision())) {
                TrainingLoop.Learning learning = new TrainingLoop.Learning(parameters, optimizer, Optional.empty());
                return new Run(probe, learning, network).over(views);
            }
        }
    }

    /// One run over open data.
    private final class Run implements Learner<ViewBatch> {
        private final Optional<Probe> probe;
        private final Parameters parameters;
        private final SimClrNetwork network;
        private final TrainingLoop loop;
        private final Optional<MetricsLog<PretrainingPoint>> log;

        Run(Optional<Probe> probe, TrainingLoop.Learning learning, SimClrNetwork network) throws IOException {
            this.probe = probe;
            this.parameters = learning.parameters();
            this.network = network;
            loop = new TrainingLoop(
                    learning,
                    plan.pace(),
                    new TrainingLoop.StateFile(folder.resolve("state.safetensors"), plan.toString()),
                    group);
            log = group.first()
                    ? Optional.of(new MetricsLog<>(folder, loop.step(), PretrainingPoint.class))
                    : Optional.empty();
        }

        Optional<PretrainingPoint> over(ViewStream views) throws IOException, InterruptedException {
            try (Prefetcher<ViewBatch> batches =
                    new Prefetcher<>(views, loop.step() * plan.batchSize(), plan.batchSize(), group.share(), 1)) {
                loop.run(batches, this);
            }
            return log.map(measured -> measured.points().getLast());
        }

        @Override
        public double gradients(ViewBatch batch, Runnable lastPass) {
            return Pretrainer.this.gradients(network, batch, lastPass);
        }

        @Override
        public void stepped(long step, double loss, double learningRate) {
            listener.step(step, plan.steps(), loss);
        }

        @Override
        public double measured(Stretch stretch, double best) throws IOException {
            Optional<Probe.Scores> scores = probe.map(p -> p.score(network));
            PretrainingPoint point = new PretrainingPoint(
                    stretch.step(),
                    stretch.step() * plan.batchSize(),
                    stretch.learningRate(),
                    stretch.loss(),
                    scores.map(Probe.Scores::neighbours).orElse(-1.0),
                    scores.map(Probe.Scores::linear).orElse(-1.0),
                    stretch.waitedShare());
            EncoderWeights.write(
                    folder.resolve("encoder.safetensors"),
                    parameters,
                    plan.encoder(),
                    plan.normalization(),
                    "SimCLR, positives: " + plan.positives().label(),
                    point.samples());
            log.orElseThrow().append(point);
            PretrainingCurves.draw(log.orElseThrow().points(), folder.resolve("curves.png"));
            listener.epoch(point);
            // The encoder that is kept is the last one: none is chosen by a score.
            return best;
        }
    }

    /// Forward and backward over one batch.
    ///
    /// @return the loss
    private double gradients(SimClrNetwork network, ViewBatch batch, Runnable lastPass) {
        return GradientCache.backward(
                plan.parts(),
                part -> network.embeddings(images(batch, part), Mode.REHEARSAL),
                part -> network.embeddings(images(batch, part), Mode.TRAINING),
                this::loss,
                group,
                lastPass);
    }

    /// The views of this process in one part, first views before second ones.
    private Tensor images(ViewBatch batch, int part) {
        int own = group.share().of(plan.partSize());
        int length = own * 3 * batch.size() * batch.size();
        byte[] both = new byte[2 * length];
        System.arraycopy(batch.first(), part * length, both, 0, length);
        System.arraycopy(batch.second(), part * length, both, length, length);
        return plan.normalization().apply(both, 2 * own, batch.size(), batch.size(), plan.mode());
    }

    /// @param embeddings of all processes: those of the first part, first views before second ones, then those of the
    ///     second, and so on
    private Tensor loss(Tensor embeddings) {
        int n = plan.partSize();
        Tensor[] first = new Tensor[plan.parts()];
        Tensor[] second = new Tensor[plan.parts()];
        for (int part = 0; part < plan.parts(); part++) {
            first[part] = embeddings.narrow(0, 2L * part * n, n);
            second[part] = embeddings.narrow(0, (2L * part + 1) * n, n);
        }
        return NtXent.of(
                torch.cat(new TensorVector(first), 0), torch.cat(new TensorVector(second), 0), plan.temperature());
    }
}
