package org.terrachange.detect.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.Matching;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.layer.FoldedConvs;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.NativeScope;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;

/// A trained detector, ready for inference.
///
/// Safe for use by several threads at once, since a pass changes nothing that others see. libtorch spreads one pass
/// over all cores by itself, or over as many as [org.terrachange.nn.tensor.ComputeThreads] says.
public final class ChangeDetector implements PairScorer, AutoCloseable {
    private final Path file;
    private final ModelCard card;
    private final ComputeMode mode;
    private final List<View> views;
    private final FoldedConvs weights;
    private final ChangeNetwork network;

    private ChangeDetector(
            Path file, ModelCard card, ComputeMode mode, List<View> views, FoldedConvs weights, ChangeNetwork network) {
        this.file = file;
        this.card = card;
        this.mode = mode;
        this.views = views;
        this.weights = weights;
        this.network = network;
    }

    /// Loads a detector from any checkpoint whose tensors fit: safetensors with a card as the project writes
    /// them, or bare weights of the layout `terrachange-v1`.
    ///
    /// @throws CheckpointException if the file is damaged or holds another network; the message lists what
    /// does not fit
    public static ChangeDetector load(Path file, ComputeMode mode) throws IOException {
        return load(file, mode, false);
    }

    /// [#load(Path, ComputeMode)], optionally with test-time augmentation: every pair is also seen mirrored
    /// left to right, top to bottom and both, and the four answers are averaged. Four times the work for a
    /// slightly better map.
    public static ChangeDetector load(Path file, ComputeMode mode, boolean testTimeAugmentation) throws IOException {
        List<View> views = testTimeAugmentation ? View.MIRRORED : View.PLAIN;
        try (StateDict stored = Checkpoints.open(file)) {
            boolean carded = stored.metadata().containsKey("layout");
            ModelCard card = carded
                    ? ModelCard.of(file.toString(), stored.metadata())
                    : ModelCard.ofBareWeights(file.getFileName().toString());
            StateDict tensors = stored.withoutCommonPrefix("module.", "model.");
            Matching.compare(shapes(card.layout()), tensors).requireAllExpected();
            try (var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                FoldedConvs folded = new FoldedConvs(
                        name -> HostCopies.toTensor(
                                Objects.requireNonNull(tensors.tensors().get(name), "matched above")),
                        mode);
                return new ChangeDetector(
                        file, card, mode, views, folded, card.layout().build(folded));
            }
        }
    }

    private static Map<String, List<Long>> shapes(ChangeLayout layout) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        try (Parameters parameters = new Parameters()) {
            layout.build(new TrainableConvs(parameters));
            for (Parameter parameter : parameters.all()) {
                shapes.put(parameter.name(), parameter.shape());
            }
        }
        return shapes;
    }

    public ModelCard card() {
        return card;
    }

    /// Changes with everything that answers depend on: the content of the file, the number format and the views.
    public String fingerprint() throws IOException {
        MessageDigest digest = sha256();
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
            content.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest()) + " "
                    + mode.precision().label() + (views.size() > 1 ? " mirrored" : "");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public ComputeMode mode() {
        return mode;
    }

    /// @param height a multiple of [ChangeNetwork#SIZE_MULTIPLE]
    /// @param width likewise
    @Override
    public float[] probabilities(byte[] before, byte[] after, int count, int height, int width) {
        if (height % ChangeNetwork.SIZE_MULTIPLE != 0 || width % ChangeNetwork.SIZE_MULTIPLE != 0) {
            throw new IllegalArgumentException("width and height must be multiples of " + ChangeNetwork.SIZE_MULTIPLE
                    + ", got " + width + "x" + height);
        }
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor first = card.normalization().apply(before, count, height, width, mode);
            Tensor second = card.normalization().apply(after, count, height, width, mode);
            Tensor probability = mode.device().of(torch.zeros(count, 1, height, width));
            for (View view : views) {
                probability.add_(NativeScope.result(() -> view.of(probability(view.of(first), view.of(second)))));
            }
            probability.mul_(new Scalar(1.0 / views.size()));
            float[] values = new float[count * height * width];
            new FloatPointer(probability.cpu().contiguous().data_ptr_float()).get(values);
            return values;
        }
    }

    /// `[n, 1, h, w]`, float32.
    private Tensor probability(Tensor before, Tensor after) {
        Tensor probability = network.forward(before, after, Mode.INFERENCE)
                .to(torch.ScalarType.Float)
                .div(new Scalar(card.calibration().temperature()))
                .add(new Scalar(card.calibration().offset()))
                .sigmoid();
        return network.outputStride() == 1
                ? probability
                : torch.upsample_bilinear2d(probability, new long[] {before.size(2), before.size(3)}, false);
    }

    /// A way to hold an image: upright or mirrored along some of its axes. Each is its own inverse.
    private record View(long... axes) {
        static final List<View> PLAIN = List.of(new View());
        static final List<View> MIRRORED = List.of(new View(), new View(2), new View(3), new View(2, 3));

        Tensor of(Tensor image) {
            return axes.length == 0 ? image : image.flip(axes);
        }
    }

    @Override
    public void close() {
        weights.close();
    }
}
