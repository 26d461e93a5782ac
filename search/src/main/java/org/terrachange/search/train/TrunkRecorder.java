package org.terrachange.search.train;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.terrachange.data.loader.Prefetcher;
import org.terrachange.data.retrieval.RetrievalExample.View;
import org.terrachange.data.retrieval.RetrievalSet;
import org.terrachange.data.retrieval.RetrievalStream;
import org.terrachange.nn.layer.Mode;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.model.SearchNetwork;

/// Writes down what a frozen trunk says of every view of every pair, once for all runs that share trunk, pairs
/// and views.
///
/// The file's name is a hash of everything that decides its content. It grows under a temporary name, from
/// which an interrupted recording goes on, and gets its own when it is complete; a second process that wants
/// the same file waits for the first.
final class TrunkRecorder {
    private static final int VIEWS_AT_A_TIME = 16;

    private final Path folder;
    private final SearchArchitecture architecture;
    private final SearchNetwork network;
    private final ImageNormalization normalization;
    private final ComputeMode mode;
    private final RetrievalListener listener;

    /// @param folder of such files; created if needed
    /// @param architecture of the network
    TrunkRecorder(
            Path folder,
            SearchArchitecture architecture,
            SearchNetwork network,
            ImageNormalization normalization,
            ComputeMode mode,
            RetrievalListener listener) {
        this.folder = folder;
        this.architecture = architecture;
        this.network = network;
        this.normalization = normalization;
        this.mode = mode;
        this.listener = listener;
    }

    /// The file for these pairs, recorded first where it is not there yet.
    ///
    /// @param sets that `pairs` streams
    TrunkFile open(Parameters parameters, List<RetrievalSet> sets, RetrievalStream pairs)
            throws IOException, InterruptedException {
        TrunkFile.Layout layout = layout(pairs);
        Files.createDirectories(folder);
        Path file = folder.resolve(fingerprint(parameters, sets, pairs) + ".trunk");
        if (!Files.exists(file)) {
            record(file, layout, pairs);
        }
        return new TrunkFile(file, layout);
    }

    private TrunkFile.Layout layout(RetrievalStream pairs) throws IOException {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor one = trunk(render(pairs, 0, 1));
            List<Long> shape = new ArrayList<>();
            for (int i = 1; i < one.dim(); i++) {
                shape.add(one.size(i));
            }
            RetrievalStream.Settings settings = pairs.settings();
            return new TrunkFile.Layout(pairs.length(), pairs.turns(), settings.colourings(), shape, mode.precision());
        }
    }

    /// Names everything that decides what is recorded.
    private String fingerprint(Parameters parameters, List<RetrievalSet> sets, RetrievalStream pairs)
            throws IOException {
        MessageDigest digest = sha256();
        for (RetrievalSet set : sets) {
            text(
                    digest,
                    set.file().getFileName() + " " + Files.size(set.file()) + " "
                            + Files.getLastModifiedTime(set.file()).toMillis());
        }
        text(digest, pairs.settings() + " " + normalization + " " + mode);
        // Weights alone do not show an activation, nor the grid that answers are brought onto.
        text(digest, architecture.trunk());
        for (Parameter parameter : parameters.all()) {
            if (network.isTrunk(parameter)) {
                text(digest, parameter.name());
                digest.update(HostCopies.toHost(parameter.tensor()).data().asByteBuffer());
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    private static void text(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void record(Path file, TrunkFile.Layout layout, RetrievalStream pairs)
            throws IOException, InterruptedException {
        Path growing = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(growing, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            // Whoever held the lock may have completed it.
            if (Files.exists(file)) {
                return;
            }
            requireSpace(layout.bytes() - channel.size());
            long view = 2 * layout.imageBytes();
            long done = Math.min(layout.views(), channel.size() / view);
            channel.position(done * view);
            try (Prefetcher<Rendered> ahead = new Prefetcher<>(
                    (first, count, _) -> render(pairs, first, (int) Math.clamp(layout.views() - first, 0, count)),
                    done,
                    VIEWS_AT_A_TIME,
                    1)) {
                while (done < layout.views()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    Rendered rendered = ahead.next();
                    write(channel, rendered, layout.imageBytes());
                    done += rendered.count();
                    listener.recorded(done, layout.views());
                }
            }
            channel.force(true);
            Files.move(growing, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void requireSpace(long needed) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < needed) {
            throw new IOException(folder + " has " + (free >> 20) + " MiB left and what the trunk says of all views"
                    + " takes " + (needed >> 20) + " MiB; name another folder or fewer colourings");
        }
    }

    /// Views side by side, ready for the trunk.
    private record Rendered(int count, int size, byte[] before, byte[] after) {}

    private static Rendered render(RetrievalStream pairs, long first, int count) throws IOException {
        int size = pairs.settings().size();
        int colourings = pairs.settings().colourings();
        int image = 3 * size * size;
        byte[] before = new byte[count * image];
        byte[] after = new byte[count * image];
        for (int i = 0; i < count; i++) {
            long view = first + i;
            long turned = view / colourings;
            pairs.render(
                    (int) (turned / pairs.turns()),
                    new View((int) (turned % pairs.turns()), view % colourings),
                    before,
                    after,
                    i * image);
        }
        return new Rendered(count, size, before, after);
    }

    private Tensor trunk(Rendered images) {
        return network.trunk(normalized(images.before(), images), normalized(images.after(), images), Mode.INFERENCE);
    }

    private Tensor normalized(byte[] pixels, Rendered images) {
        return normalization.apply(pixels, images.count(), images.size(), images.size(), mode);
    }

    private void write(FileChannel channel, Rendered rendered, long image) throws IOException {
        try (var _ = new PointerScope();
                var _ = new NoGradGuard()) {
            Tensor said =
                    trunk(rendered).to(mode.precision().scalarType()).cpu().contiguous();
            MemorySegment values =
                    MemorySegment.ofAddress(said.data_ptr().address()).reinterpret(2 * rendered.count() * image);
            for (int i = 0; i < rendered.count(); i++) {
                append(channel, values.asSlice(i * image, image).asByteBuffer());
                append(
                        channel,
                        values.asSlice((rendered.count() + i) * image, image).asByteBuffer());
            }
        }
    }

    private static void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
