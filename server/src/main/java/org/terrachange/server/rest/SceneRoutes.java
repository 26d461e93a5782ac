package org.terrachange.server.rest;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.terrachange.raster.RasterSource;
import org.terrachange.server.detection.PairCheck;
import org.terrachange.server.detection.SharedDetector;
import org.terrachange.server.storage.DecodeLimit;
import org.terrachange.server.storage.ImageDescription;
import org.terrachange.server.storage.ImageRef;
import org.terrachange.server.storage.ImageStore;
import org.terrachange.server.storage.Preview;
import org.terrachange.server.storage.SampleScenes;
import org.terrachange.server.storage.ServedFolder;
import org.terrachange.server.storage.StoredImage;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// Pairs that may be chosen, and what is understood of a pair.
public final class SceneRoutes implements RouteGroup {
    private static final int DEFAULT_SIZE = 320;
    private static final int LARGEST_SIZE = 1_024;
    private static final int KEPT_PICTURES = 128;

    private final ImageStore images;
    private final SharedDetector detector;
    private final DecodeLimit decoding;

    /// Pictures of scenes, which never change while the server runs.
    private final Map<String, byte[]> pictures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > KEPT_PICTURES;
        }
    };

    public SceneRoutes(ImageStore images, SharedDetector detector, DecodeLimit decoding) {
        this.images = images;
        this.detector = detector;
        this.decoding = decoding;
    }

    /// A pair that may be chosen.
    ///
    /// @param truth whether it is known what really changed
    /// @param thumbnail address of a small picture of the later image
    private record Offered(
            String id,
            String name,
            String before,
            String after,
            Optional<String> beforeDate,
            Optional<String> afterDate,
            boolean truth,
            String thumbnail) {}

    /// @param scenes the pairs
    /// @param samples how far the sample scenes are
    private record Offers(List<Offered> scenes, String samples) {}

    /// What a check takes.
    private record Pair(@Nullable String before, @Nullable String after) {}

    /// What a check tells.
    private record Checked(
            ImageDescription before,
            ImageDescription after,
            PairCheck.ResultGrid grid,
            double overlap,
            Optional<PairCheck.FoundShift> shift,
            List<String> notes) {}

    @Override
    public void addTo(Routes routes) {
        routes.json("/scenes", this::offer);
        routes.file("/scenes/preview.png", this::preview);
        routes.action(HandlerType.POST, "/pairs/check", this::check);
    }

    private void offer(Context context) throws IOException, InterruptedException {
        // Before the scenes themselves, lest it says that all are there when one came in between.
        String samples = images.samples().state().word();
        List<Offered> offers = new ArrayList<>();
        for (SampleScenes.Ready scene : images.samples().ready()) {
            ImageRef before = new ImageRef.Sample(scene.id(), "before");
            ImageRef after = new ImageRef.Sample(scene.id(), "after");
            offers.add(new Offered(
                    "sample:" + scene.id(),
                    scene.name(),
                    before.toString(),
                    after.toString(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    previewOf(after)));
        }
        if (images.served().isPresent()) {
            for (ServedFolder.Pair pair : images.served().get().pairs()) {
                offers.add(new Offered(
                        "data:" + pair.id(),
                        pair.id(),
                        pair.before().toString(),
                        pair.after().toString(),
                        pair.beforeDate(),
                        pair.afterDate(),
                        false,
                        previewOf(pair.after())));
            }
        }
        Json.answer(context, new Offers(offers, samples));
    }

    private static String previewOf(ImageRef ref) {
        return switch (ref) {
            case ImageRef.Upload upload -> "/uploads/" + upload.id() + "/preview.png";
            case ImageRef.Data _, ImageRef.Sample _ ->
                "/scenes/preview.png?image=" + URLEncoder.encode(ref.toString(), StandardCharsets.UTF_8);
        };
    }

    private void preview(Context context) throws IOException, InterruptedException {
        String image = context.queryParam("image");
        if (image == null) {
            throw Refusal.badRequest("the query must name an image, as in ?image=sample:suburb/after");
        }
        int size = Queries.number(context, "size", DEFAULT_SIZE, 16, LARGEST_SIZE);
        StoredImage stored = images.get(ImageRef.parse(image));
        String key = stored.ref() + " " + size;
        byte[] png;
        synchronized (pictures) {
            png = pictures.get(key);
        }
        if (png == null) {
            png = decoding.call(() -> png(stored, size));
            synchronized (pictures) {
                pictures.put(key, png);
            }
        }
        context.header("Cache-Control", "private, max-age=3600")
                .contentType("image/png")
                .result(png);
    }

    private byte[] png(StoredImage stored, int size) throws IOException, InterruptedException {
        try (RasterSource source = stored.open(images.mostPixels())) {
            BufferedImage picture = Preview.of(source, size);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", bytes);
            return bytes.toByteArray();
        }
    }

    private void check(Context context) throws IOException, InterruptedException {
        Pair pair = Json.body(context, Pair.class);
        if (pair.before() == null || pair.after() == null) {
            throw Refusal.badRequest("before and after are needed; each names an image");
        }
        ImageRef before = ImageRef.parse(pair.before());
        ImageRef after = ImageRef.parse(pair.after());
        Json.answer(context, decoding.call(() -> {
            PairCheck check = PairCheck.of(before, after, images, detector);
            return new Checked(
                    describe(before), describe(after), check.grid(), check.overlap(), check.shift(), check.notes());
        }));
    }

    private ImageDescription describe(ImageRef ref) throws IOException {
        StoredImage image = images.get(ref);
        try (RasterSource source = image.open(images.mostPixels())) {
            return ImageDescription.of(image, source, Files.size(image.file()), previewOf(ref));
        }
    }
}
