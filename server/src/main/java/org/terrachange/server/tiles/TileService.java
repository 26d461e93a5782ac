package org.terrachange.server.tiles;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.terrachange.detect.product.ProbabilityRaster;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.warp.GroundSampleDistance;

/// Tiles of results, drawn when they are first asked for and kept for a while.
///
/// Holds a bounded number of scenes open and a bounded number of bytes of tiles; draws as many tiles at a time as
/// the machine has cores. Safe for use by any number of threads.
public final class TileService implements AutoCloseable {
    private static final int OPEN_SCENES = 8;
    private static final long KEPT_BYTES = 64L << 20;

    /// Largest side of a picture of the probability: 16 million pixels, which a browser still holds with ease.
    private static final int LARGEST_PICTURE = 4096;

    private final SceneShelf shelf = new SceneShelf(OPEN_SCENES);
    private final Semaphore drawing =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));
    private final Map<Kept, byte[]> kept = new LinkedHashMap<>(256, 0.75f, true);
    private long keptBytes;

    /// The name of a tile.
    private record Kept(String job, Layer layer, TileAddress address) {}

    /// A tile as PNG, 256 by 256 pixels: images in colour with alpha, probability and truth in grey with alpha,
    /// transparent where there is nothing to show.
    ///
    /// @param job names the result among all others
    /// @param files of the result; asked only where they are not open
    /// @return nothing where the result has no such layer or zoom level
    /// @throws org.terrachange.raster.RasterException if a file of the result is gone or damaged
    public Optional<byte[]> tile(String job, SceneFiles.Finder files, Layer layer, TileAddress address)
            throws IOException, InterruptedException {
        Kept name = new Kept(job, layer, address);
        byte[] known = known(name);
        if (known != null) {
            return Optional.of(known);
        }
        drawing.acquire();
        try (SceneShelf.Loan loan = shelf.borrow(job, files)) {
            Optional<byte[]> drawn = loan.layers().tile(layer, address);
            drawn.ifPresent(png -> keep(name, png));
            return drawn;
        } finally {
            drawing.release();
        }
    }

    /// The probability as a PNG in grey and alpha with at most `size` pixels on its longer side: values 0 to 254,
    /// means where it is reduced, transparent where none is known.
    ///
    /// @param size 1 to 4096
    public byte[] probability(String job, SceneFiles.Finder files, int size) throws IOException, InterruptedException {
        requireSize(size);
        drawing.acquire();
        try (SceneShelf.Loan loan = shelf.borrow(job, files)) {
            return loan.layers().probability(size);
        } finally {
            drawing.release();
        }
    }

    /// The whole later image with what was detected, or what really changed, marked in colour, as PNG.
    ///
    /// @param threshold probability from which a pixel counts as changed
    /// @param size most pixels of the longer side, 1 to 4096
    /// @return nothing where what really changed is not known
    public Optional<byte[]> overview(String job, SceneFiles.Finder files, Overlay overlay, double threshold, int size)
            throws IOException, InterruptedException {
        requireSize(size);
        drawing.acquire();
        try (SceneShelf.Loan loan = shelf.borrow(job, files)) {
            return loan.layers().overview(overlay, (int) Math.ceil(threshold * ProbabilityRaster.FULL - 1e-9), size);
        } finally {
            drawing.release();
        }
    }

    /// The size, if it can be asked for.
    static int requireSize(int size) {
        if (size < 1 || size > LARGEST_PICTURE) {
            throw new IllegalArgumentException("size must be between 1 and " + LARGEST_PICTURE + ", got " + size);
        }
        return size;
    }

    /// What a browser must know to show a result. Reads the whole probability when a result is first looked at.
    public SceneView view(String job, SceneFiles.Finder files) throws IOException, InterruptedException {
        drawing.acquire();
        try (SceneShelf.Loan loan = shelf.borrow(job, files)) {
            return view(loan.layers());
        } finally {
            drawing.release();
        }
    }

    private static SceneView view(SceneLayers layers) throws IOException {
        Grid scene = layers.scene();
        TileScheme scheme = layers.scheme();
        long[] histogram = layers.histogram();
        OptionalDouble side = GroundSampleDistance.of(scene);
        return new SceneView(
                scene.width(),
                scene.height(),
                scene.isGeoreferenced(),
                scene.crs().map(Crs::name),
                scene.transform().map(TileService::coefficients).orElse(List.of()),
                side.isPresent() ? OptionalDouble.of(side.getAsDouble() * side.getAsDouble()) : side,
                scheme.label(),
                TileScheme.SIZE,
                scheme.minZoom(),
                scheme.maxZoom(),
                scheme.extent(),
                layers.layers().stream().map(Layer::label).toList(),
                Arrays.stream(histogram).boxed().toList(),
                Arrays.stream(histogram).limit(255).sum(),
                layers.truthHistogram()
                        .map(counts -> Arrays.stream(counts).boxed().toList()),
                scheme.mesh());
    }

    private static List<Double> coefficients(Affine map) {
        return List.of(map.a(), map.b(), map.c(), map.d(), map.e(), map.f());
    }

    private byte @Nullable [] known(Kept name) {
        synchronized (kept) {
            return kept.get(name);
        }
    }

    private void keep(Kept name, byte[] png) {
        synchronized (kept) {
            byte[] earlier = kept.put(name, png);
            keptBytes += png.length - (earlier == null ? 0 : earlier.length);
            var oldest = kept.entrySet().iterator();
            while (keptBytes > KEPT_BYTES && oldest.hasNext()) {
                keptBytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }
    }

    /// Lets go of a result that is gone: its files, which would take their place on the disk for as long as they are
    /// open, and its tiles.
    public void forget(String job) {
        shelf.forget(job);
        synchronized (kept) {
            kept.entrySet().removeIf(entry -> {
                boolean gone = entry.getKey().job().equals(job);
                keptBytes -= gone ? entry.getValue().length : 0;
                return gone;
            });
        }
    }

    @Override
    public void close() {
        shelf.close();
    }
}
