package org.terrachange.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.terrachange.nn.layer.ConvFactory;
import org.terrachange.nn.layer.ConvSpec;
import org.terrachange.nn.layer.ConvUnit;
import org.terrachange.nn.layer.FoldedConvs;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.model.ChangeNetwork;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;

/// Takes the time of one pass of each layout over a pair of 1024 x 1024 pixels, as a share of what this machine can
/// compute at all: the faster of a large matrix product and a 3x3 convolution of 256 channels, measured in the same
/// run.
/// Beside it the same network in plain calls of libtorch, and `terrachange-v1` in PyTorch where Debian's
/// `python3-torch` is installed. Of several passes the fastest counts; random weights.
public final class InferenceThroughput {
    private static final int SIZE = 1024;
    private static final int PASSES = 4;

    private InferenceThroughput() {}

    /// @param arguments none
    public static void main(String[] arguments) throws IOException {
        try (var _ = new NoGradGuard()) {
            Map<String, Double> peak = new HashMap<>();
            System.out.println("| precision | matrix product of 4096, GFLOP/s | convolution 3x3 of 256, GFLOP/s |");
            System.out.println("|---|---|---|");
            for (String precision : List.of("fp32", "bf16")) {
                ScalarType type =
                        ComputeMode.parse("cpu", precision).precision().scalarType();
                double product = product(type);
                double convolution = convolution(type);
                peak.put(precision, Math.max(product, convolution));
                System.out.printf(Locale.ROOT, "| %s | %.0f | %.0f |%n", precision, product, convolution);
            }
            System.out.println();
            Map<String, Double> peer = PythonPeer.figures("inference_passes.py", Integer.toString(SIZE));
            System.out.println(
                    "| network | precision | GFLOP | s | GFLOP/s | share of peak | plain libtorch s | PyTorch s |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            for (ChangeLayout layout : ChangeLayout.values()) {
                for (String precision : List.of("fp32", "bf16")) {
                    row(layout, precision, Objects.requireNonNull(peak.get(precision)), peer);
                }
            }
        }
    }

    private static void row(ChangeLayout layout, String precision, double peak, Map<String, Double> peer) {
        ComputeMode mode = ComputeMode.parse("cpu", precision);
        try (Parameters parameters = new Parameters()) {
            layout.build(new TrainableConvs(parameters));
            parameters.allocate(1);
            Operations operations = new Operations();
            double own;
            try (FoldedConvs folded =
                    new FoldedConvs(name -> parameters.get(name).tensor(), mode)) {
                ChangeNetwork network = layout.build(operations.counting(folded));
                own = seconds(() -> {
                    operations.count = 0;
                    return network.forward(image(mode, true), image(mode, true), Mode.INFERENCE);
                });
            }
            double plain;
            try (var _ = new PointerScope()) {
                Map<String, Tensor> cast = new HashMap<>();
                parameters
                        .all()
                        .forEach(p -> cast.put(
                                p.name(),
                                p.tensor().detach().to(mode.precision().scalarType())));
                ChangeNetwork network = layout.build(new PlainConvs(name -> Objects.requireNonNull(cast.get(name))));
                plain = seconds(() -> network.forward(image(mode, false), image(mode, false), Mode.INFERENCE));
            }
            double gigaflop = operations.count / 1e9;
            Double torch = peer.get(layout.label() + " " + precision);
            System.out.printf(
                    Locale.ROOT,
                    "| `%s` | %s | %.0f | %.3f | %.0f | %.0f %% | %.3f | %s |%n",
                    layout.label(),
                    precision,
                    gigaflop,
                    own,
                    gigaflop / own,
                    100 * gigaflop / own / peak,
                    plain,
                    torch == null ? "-" : String.format(Locale.ROOT, "%.3f", torch));
        }
    }

    /// Counts the multiplications and additions of convolutions; everything else is small beside them.
    private static final class Operations {
        private double count;

        ConvFactory counting(ConvFactory convs) {
            return spec -> {
                ConvUnit unit = convs.make(spec);
                return (x, residual, mode) -> {
                    count += operations(spec, x);
                    return unit.forward(x, residual, mode);
                };
            };
        }

        private static double operations(ConvSpec spec, Tensor x) {
            double outputs = x.size(0)
                    * (x.size(2) / (double) spec.stride())
                    * (x.size(3) / (double) spec.stride())
                    * spec.out();
            return 2 * outputs * spec.in() * spec.kernel() * spec.kernel();
        }
    }

    private static Tensor image(ComputeMode mode, boolean prepared) {
        byte[] image = new byte[3 * SIZE * SIZE];
        new SplittableRandom(1).nextBytes(image);
        Tensor input = ImageNormalization.IMAGENET.apply(image, 1, SIZE, SIZE, mode);
        return prepared ? input : input.contiguous();
    }

    /// The images are part of it: a few thousandths of a pass.
    private static double seconds(Supplier<Tensor> pass) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < PASSES; i++) {
            try (var _ = new PointerScope()) {
                long start = System.nanoTime();
                Tensor _ = pass.get();
                best = Math.min(best, (System.nanoTime() - start) / 1e9);
            }
        }
        return best;
    }

    private static double product(ScalarType type) {
        int n = 4096;
        try (var _ = new PointerScope()) {
            Tensor a = torch.randn(n, n).to(type);
            Tensor b = torch.randn(n, n).to(type);
            return 2.0 * n * n * n / 1e9 / seconds(() -> a.matmul(b));
        }
    }

    private static double convolution(ScalarType type) {
        int channels = 256;
        int size = 128;
        try (var _ = new PointerScope()) {
            Tensor x = torch.randn(2, channels, size, size).to(type).contiguous(MemoryFormat.ChannelsLast);
            Tensor w = torch.randn(channels, channels, 3, 3).to(type).contiguous(MemoryFormat.ChannelsLast);
            double operations = 2.0 * 2 * size * size * channels * channels * 9;
            return operations
                    / 1e9
                    / seconds(() -> torch.conv2d(
                            x, w, new TensorOptional(), new long[] {1, 1}, new long[] {1, 1}, new long[] {1, 1}, 1));
        }
    }
}
