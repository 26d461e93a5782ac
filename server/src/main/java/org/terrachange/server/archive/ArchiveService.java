package org.terrachange.server.archive;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.search.archive.HitPixels;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.index.ModelFingerprint;
import org.terrachange.search.model.SearchCard;
import org.terrachange.search.model.SearchModel;
import org.terrachange.search.present.HitPictures;
import org.terrachange.search.present.RelevanceMap;
import org.terrachange.search.query.ArchiveQuery;
import org.terrachange.search.query.ArchiveSearch;
import org.terrachange.search.query.ScoredHit;
import org.terrachange.search.query.SearchAnswer;

/// The archive that can be searched. Index and model are opened for the first question and stay open. Safe for use
/// by any number of threads, of which one at a time asks the model.
public final class ArchiveService implements Closeable {
    /// Pixels of the larger side of a picture.
    private static final int SIDE = 384;

    /// Rows and columns of the map of relevance.
    private static final int CELLS = 8;

    private static final long KEPT_BYTES = 32L << 20;

    private final Path index;
    private final Path modelFile;
    private final ComputeMode compute;
    private final PictureCache pictures = new PictureCache(KEPT_BYTES);
    private final PairShelf pairs = new PairShelf();
    private final ReentrantLock drawing = new ReentrantLock();
    private @Nullable Opened opened;

    private record Opened(SearchModel model, ArchiveSearcher archive) {}

    /// @param index folder of the index
    /// @param modelFile checkpoint of the model that made it
    public ArchiveService(Path index, Path modelFile, ComputeMode compute) {
        this.index = index;
        this.modelFile = modelFile;
        this.compute = compute;
    }

    /// What can be drawn of a change without a question.
    enum Picture {
        BEFORE,
        AFTER,
        CHANGE;

        /// The picture of this name, if there is one.
        static Optional<Picture> parse(String name) {
            return java.util.Arrays.stream(values())
                    .filter(picture -> picture.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst();
        }
    }

    /// Opens index and model, where that has not happened yet.
    ///
    /// @throws org.terrachange.search.index.IndexException if there is no index, or it is of another model
    public synchronized void open() throws IOException {
        ready();
    }

    private synchronized Opened ready() throws IOException {
        if (opened == null) {
            SearchModel model = SearchModel.load(modelFile, compute);
            try {
                ModelFingerprint fingerprint = new ModelFingerprint(
                        model.card().name(),
                        Sha256.of(modelFile).hex(),
                        model.card().architecture().embedDim());
                opened = new Opened(model, ArchiveSearcher.open(index, fingerprint));
            } catch (IOException | RuntimeException e) {
                model.close();
                throw e;
            }
        }
        return opened;
    }

    /// The card of the model.
    public SearchCard card() throws IOException {
        return ready().model().card();
    }

    /// The number of changes that are searched.
    public int changes() throws IOException {
        return ready().archive().changes();
    }

    /// Whether the archive has a change of this id.
    boolean has(String id) throws IOException {
        return ready().archive().find(id).isPresent();
    }

    /// Asks the archive. Hits name their images without the folders: where an archive lies is nobody's business.
    ///
    /// @throws org.terrachange.search.index.IndexException if it does not have the example that the query names
    SearchAnswer answer(ArchiveQuery query) throws IOException {
        Opened ready = ready();
        ArchiveSearch search = new ArchiveSearch(ready.archive(), ready.model());
        return withoutFolders(search.find(query, vector(search, query)));
    }

    private static SearchAnswer withoutFolders(SearchAnswer answer) {
        return new SearchAnswer(
                answer.hits().stream().map(ArchiveService::withoutFolders).toList(),
                answer.background(),
                answer.unrelated(),
                answer.unknownWords(),
                answer.searched());
    }

    private static ScoredHit withoutFolders(ScoredHit hit) {
        ChangeRecord change = hit.change();
        return new ScoredHit(
                hit.rank(),
                change.withImages(name(change.before()), name(change.after())),
                hit.score(),
                hit.deviations());
    }

    /// The last part of a file's or address's path, with the part of a container that it names (`#3`) and without the
    /// query of an address, which may hold its user's keys.
    static String name(String location) {
        int hash = location.lastIndexOf('#');
        String part = hash < 0 ? "" : location.substring(hash);
        String path = hash < 0 ? location : location.substring(0, hash);
        int query = path.contains("://") ? path.indexOf('?') : -1;
        if (query >= 0) {
            path = path.substring(0, query);
        }
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1) + part;
    }

    private synchronized float[] vector(ArchiveSearch search, ArchiveQuery query) throws IOException {
        return search.vector(query);
    }

    /// A picture of a change as PNG.
    ///
    /// @return nothing where the archive has no such change
    /// @throws IOException also if its images are gone
    Optional<byte[]> picture(String id, Picture picture) throws IOException {
        String name = picture + " " + id;
        Optional<byte[]> known = pictures.find(name);
        Optional<ChangeRecord> change = ready().archive().find(id);
        if (known.isPresent() || change.isEmpty()) {
            return known;
        }
        drawing.lock();
        try {
            // Whoever looks at one will look at the others: they may have come while this waited.
            Optional<byte[]> meanwhile = pictures.find(name);
            return meanwhile.isPresent() ? meanwhile : Optional.of(drawAll(change.get(), picture));
        } finally {
            drawing.unlock();
        }
    }

    private byte[] drawAll(ChangeRecord change, Picture wanted) throws IOException {
        HitPictures drawn = draw(pairs.read(change), new RelevanceMap(1, new float[1]));
        Map<Picture, byte[]> all = new EnumMap<>(Picture.class);
        all.put(Picture.BEFORE, png(drawn.before()));
        all.put(Picture.AFTER, png(drawn.after()));
        all.put(Picture.CHANGE, png(drawn.change()));
        all.forEach((picture, png) -> pictures.keep(picture + " " + change.id(), png));
        return Objects.requireNonNull(all.get(wanted), "all were drawn");
    }

    /// A picture of where in a change a query is answered, as PNG.
    ///
    /// @return nothing where the archive has no such change
    Optional<byte[]> relevance(String id, ArchiveQuery query) throws IOException {
        String name = "RELEVANCE " + id + " " + query;
        Optional<byte[]> known = pictures.find(name);
        Opened ready = ready();
        Optional<ChangeRecord> change = ready.archive().find(id);
        if (known.isPresent() || change.isEmpty()) {
            return known;
        }
        HitPixels pixels = pairs.read(change.get());
        byte[] png = png(draw(pixels, relevance(ready, pixels, query)).relevance());
        pictures.keep(name, png);
        return Optional.of(png);
    }

    private synchronized RelevanceMap relevance(Opened ready, HitPixels pixels, ArchiveQuery query) throws IOException {
        return RelevanceMap.of(
                ready.model(),
                new ArchiveSearch(ready.archive(), ready.model()).vector(query),
                pixels.before(),
                pixels.after(),
                pixels.window().width(),
                pixels.window().height(),
                CELLS);
    }

    private static HitPictures draw(HitPixels pixels, RelevanceMap map) {
        return HitPictures.of(
                pixels.before(),
                pixels.after(),
                pixels.window().width(),
                pixels.window().height(),
                pixels.outlines(),
                map,
                SIDE);
    }

    private static byte[] png(BufferedImage picture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", out);
        return out.toByteArray();
    }

    @Override
    public synchronized void close() throws IOException {
        if (opened != null) {
            try (SearchModel _ = opened.model();
                    ArchiveSearcher _ = opened.archive();
                    pairs) {
                opened = null;
            }
        }
    }
}
