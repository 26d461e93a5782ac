package org.terrachange.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.loss.GradientCache;
import org.terrachange.nn.loss.InfoNce;
import org.terrachange.nn.optim.AdamW;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.PreparedLayers;
import org.terrachange.nn.transformer.TrainableLayers;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.model.SearchNetwork;
import org.terrachange.search.train.FrozenParts;

/// Takes the time of CLIP ViT-B/32 with random weights and the change encoder `difference`, on two threads:
/// embedding of image pairs and of texts of 77 tokens, and training steps by gradient caching with their
/// memory, beside the same in plain PyTorch where Debian's `python3-torch` is installed.
///
/// Every measurement is a process of its own, so that its peak memory is its own. Debian builds PyTorch against
/// whatever BLAS the system has, by default the unoptimised reference implementation, with which it multiplies
/// matrices fifty times slower; the OpenBLAS that comes with this program is put before it.
public final class ClipThroughput {
    private static final int THREADS = 2;
    private static final int PART = 32;
    private static final int CONTEXT = 77;

    /// Tokens of a text in training: a caption is far shorter than the context, and padding ends with the longest.
    private static final int TOKENS = 32;

    private static final int RUNS = 4;
    private static final int FROZEN_BLOCKS = 8;

    /// Debian's Python, for which python3-torch is built.
    private static final String PYTHON = "/usr/bin/python3";

    private ClipThroughput() {}

    /// @param arguments none for everything; `embed PRECISION` and `step PRECISION BLOCKS BATCH` are how this
    ///     program calls itself for one measurement
    public static void main(String[] arguments) throws Exception {
        switch (List.of(arguments)) {
            case List<String> a when a.isEmpty() -> all();
            case List<String> a
            when a.size() == 2 && a.getFirst().equals("embed") -> embed(ComputeMode.parse("cpu", a.get(1)));
            case List<String> a
            when a.size() == 4 && a.getFirst().equals("step") ->
                step(ComputeMode.parse("cpu", a.get(1)), Integer.parseInt(a.get(2)), Integer.parseInt(a.get(3)));
            case List<String> a -> {
                System.err.println("usage: ClipThroughput [embed PRECISION | step PRECISION BLOCKS BATCH], got " + a);
                System.exit(2);
            }
        }
    }

    private static void all() throws IOException {
        Path script = Files.createTempFile("clip_steps", ".py");
        try {
            try (InputStream source = ClipThroughput.class.getResourceAsStream("clip_steps.py")) {
                Files.write(script, Objects.requireNonNull(source).readAllBytes());
            }
            System.out.println("| embedding | precision | a second | PyTorch | ratio |");
            System.out.println("|---|---|---|---|---|");
            for (String precision : List.of("fp32", "bf16")) {
                double[] own = own("embed", precision).orElseThrow();
                Optional<double[]> peer = peer(script, "embed", precision);
                rate("pairs of images", precision, own[0], peer.map(p -> p[0]));
                rate("texts of 77 tokens", precision, own[1], peer.map(p -> p[1]));
            }
            System.out.println();
            System.out.println(
                    "| step, pairs | frozen blocks | precision | s | peak MB | PyTorch s | peak MB | ratio |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            for (int frozen : new int[] {0, FROZEN_BLOCKS}) {
                step("fp32", frozen, 128, Optional.of(script));
                // PyTorch 1.13 refuses to normalise layers under autocast on processors: there is nothing to stand
                // beside.
                step("bf16", frozen, 128, Optional.empty());
                step("bf16", frozen, 512, Optional.empty());
            }
        } finally {
            Files.delete(script);
        }
    }

    private static void rate(String what, String precision, double own, Optional<Double> peer) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f | %s | %s |%n",
                what,
                precision,
                own,
                peer.map(p -> String.format(Locale.ROOT, "%.1f", p)).orElse("-"),
                peer.map(p -> String.format(Locale.ROOT, "%.2f", own / p)).orElse("-"));
    }

    private static void step(String precision, int frozen, int batch, Optional<Path> script) throws IOException {
        String[] arguments = {"step", precision, Integer.toString(frozen), Integer.toString(batch)};
        double[] own = own(arguments).orElseThrow();
        Optional<double[]> peer = script.isPresent() ? peer(script.get(), arguments) : Optional.empty();
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %s | %.1f | %.0f | %s | %s | %s |%n",
                batch,
                frozen,
                precision,
                own[0],
                own[1],
                peer.map(p -> String.format(Locale.ROOT, "%.1f", p[0])).orElse("-"),
                peer.map(p -> String.format(Locale.ROOT, "%.0f", p[1])).orElse("-"),
                peer.map(p -> String.format(Locale.ROOT, "%.2f", p[0] / own[0])).orElse("-"));
    }

    /// Two numbers that this program prints in a process of its own, under the settings of the launcher.
    private static Optional<double[]> own(String... arguments) throws IOException {
        return numbers(Programs.run(
                Programs.java(ClipThroughput.class, THREADS, "2g", arguments),
                Map.of("MALLOC_MMAP_THRESHOLD_", "1073741824", "MALLOC_TRIM_THRESHOLD_", "8589934592")));
    }

    /// The same two numbers from PyTorch; empty where it does not run.
    private static Optional<double[]> peer(Path script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(PYTHON, script.toString()));
        command.addAll(List.of(arguments));
        try {
            Path blas = Path.of(Loader.load(openblas.class)).resolveSibling("libopenblas.so.0");
            return numbers(Programs.run(command, Map.of("LD_PRELOAD", blas.toString())));
        } catch (IOException e) {
            System.err.println("no PyTorch to compare with: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<double[]> numbers(String printed) throws IOException {
        String[] words = printed.lines().toList().getLast().split(" ");
        try {
            return Optional.of(
                    Arrays.stream(words).mapToDouble(Double::parseDouble).toArray());
        } catch (NumberFormatException e) {
            throw new IOException("two numbers were expected, got: " + printed, e);
        }
    }

    private static SearchArchitecture.Clip architecture() {
        return new SearchArchitecture.Clip(ClipConfiguration.named("ViT-B-32"));
    }

    private static void embed(ComputeMode mode) {
        torch.set_num_threads(THREADS);
        try (Parameters parameters = new Parameters()) {
            new SearchNetwork(architecture(), ChangeStrategy.DIFFERENCE, new TrainableLayers(parameters));
            parameters.allocate(1, mode.device());
            try (PreparedLayers layers =
                            new PreparedLayers(name -> parameters.get(name).tensor(), mode);
                    var _ = new PointerScope();
                    var _ = new NoGradGuard()) {
                SearchNetwork network = new SearchNetwork(architecture(), ChangeStrategy.DIFFERENCE, layers);
                byte[] pixels = pixels(PART);
                Tensor before = images(pixels, 0, PART, mode);
                Tensor after = images(pixels, PART, PART, mode);
                List<String> texts = Collections.nCopies(2 * PART, sentence(CONTEXT));
                double pairs = PART / median(() -> network.changes(before, after, Mode.INFERENCE));
                double sentences = 2 * PART / median(() -> network.texts(texts, mode));
                System.out.printf(Locale.ROOT, "%.3f %.3f%n", pairs, sentences);
            }
        }
    }

    private static double median(Runnable run) {
        double[] seconds = new double[RUNS - 1];
        for (int i = -1; i < seconds.length; i++) {
            long start = System.nanoTime();
            try (var _ = new PointerScope()) {
                run.run();
            }
            if (i >= 0) {
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }

    private static void step(ComputeMode mode, int frozen, int batch) throws IOException {
        torch.set_num_threads(THREADS);
        byte[] pixels = pixels(batch);
        List<String> texts = Collections.nCopies(PART, sentence(TOKENS));
        long[] groups = new long[batch];
        Arrays.setAll(groups, i -> i);
        try (Parameters parameters = new Parameters()) {
            SearchNetwork network =
                    new SearchNetwork(architecture(), ChangeStrategy.DIFFERENCE, new TrainableLayers(parameters));
            parameters.allocate(1, mode.device());
            parameters.freeze(new FrozenParts(frozen, frozen > 0, false, false));
            try (AdamW optimizer = new AdamW(parameters, 0.1)) {
                Embedding embedding = (part, pass) -> torch.cat(
                        new TensorVector(
                                network.changes(
                                        images(pixels, part * PART, PART, mode),
                                        images(pixels, batch + part * PART, PART, mode),
                                        pass),
                                network.texts(texts, mode)),
                        1);
                try (var _ = new PointerScope();
                        var _ = new NoGradGuard()) {
                    embedding.of(0, Mode.REHEARSAL);
                }
                long start = System.nanoTime();
                GradientCache.backward(
                        batch / PART,
                        part -> embedding.of(part, Mode.REHEARSAL),
                        part -> embedding.of(part, Mode.TRAINING),
                        all -> InfoNce.of(
                                all.narrow(1, 0, all.size(1) / 2),
                                all.narrow(1, all.size(1) / 2, all.size(1) / 2),
                                parameters.get("logit_scale").tensor(),
                                groups));
                parameters.clipGradients(1);
                optimizer.step(1e-5);
                System.out.printf(
                        Locale.ROOT, "%.3f %d%n", (System.nanoTime() - start) / 1e9, peakResidentKibibytes() / 1024);
            }
        }
    }

    /// The vectors of one part of a batch, `[m, 2 d]`.
    @FunctionalInterface
    private interface Embedding {
        Tensor of(int part, Mode pass);
    }

    /// Both dates of `pairs` pairs, one date after the other.
    private static byte[] pixels(int pairs) {
        byte[] pixels = new byte[2 * pairs * 3 * 224 * 224];
        new Random(1).nextBytes(pixels);
        return pixels;
    }

    private static Tensor images(byte[] pixels, int first, int count, ComputeMode mode) {
        int image = 3 * 224 * 224;
        return ImageNormalization.IMAGENET.apply(
                Arrays.copyOfRange(pixels, first * image, (first + count) * image), count, 224, 224, mode);
    }

    /// A text of exactly `tokens` tokens, start and end included.
    private static String sentence(int tokens) {
        return String.join(" ", Collections.nCopies(tokens - 2, "building"));
    }

    /// What the kernel calls the high-water mark of the resident set.
    private static long peakResidentKibibytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("this system does not tell the peak of resident memory");
    }
}
