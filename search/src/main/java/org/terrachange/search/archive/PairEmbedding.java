package org.terrachange.search.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleConsumer;
import org.locationtech.jts.geom.Geometry;
import org.terrachange.detect.model.ChangeDetector;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.detect.scene.SceneScanner;
import org.terrachange.search.model.SearchModel;

/// Cuts a pair of scenes into windows and lets both networks see each: the detector says what changed there,
/// the search model gives its vector. Scenes of any size go through by window.
final class PairEmbedding {
    private static final int TILE = 512;
    private static final int OVERLAP = 64;

    /// Patches below it are specks.
    private static final int LEAST_PATCH = 8;

    /// Windows of which less is there in both dates are passed over.
    private static final double LEAST_VALID = 0.1;

    private final WindowVectors vectors;
    private final ChangeDetector detector;

    PairEmbedding(SearchModel model, ChangeDetector detector) {
        vectors = new WindowVectors(model);
        this.detector = detector;
    }

    /// The windows of a pair, row by row, less those of which next to nothing is there in both dates.
    ///
    /// @param progress hears the share that is done, 0 to 1
    List<EmbeddedWindow> windows(ScenePair pair, DoubleConsumer progress) throws IOException, InterruptedException {
        WindowPlan plan = vectors.plan(pair);
        List<WindowChange> shown = detected(pair, plan, progress).stream()
                .filter(change ->
                        change.validPixels() >= LEAST_VALID * change.window().area())
                .toList();
        Optional<SceneGround> ground = SceneGround.of(pair.grid());
        List<EmbeddedWindow> embedded = new ArrayList<>();
        int together = WindowVectors.together(plan.windows().getFirst());
        for (int first = 0; first < shown.size(); first += together) {
            List<WindowChange> some = shown.subList(first, Math.min(shown.size(), first + together));
            List<float[]> directions =
                    vectors.of(pair, some.stream().map(WindowChange::window).toList());
            for (int i = 0; i < some.size(); i++) {
                embedded.add(embedded(some.get(i), directions.get(i), ground));
            }
            progress.accept(0.5 + 0.5 * (first + some.size()) / shown.size());
        }
        return embedded;
    }

    private List<WindowChange> detected(ScenePair pair, WindowPlan plan, DoubleConsumer progress)
            throws IOException, InterruptedException {
        WindowChanges changes =
                new WindowChanges(pair.grid().width(), plan, detector.card().threshold(), LEAST_PATCH);
        SceneScanner scanner = new SceneScanner(pair, detector, TILE, OVERLAP);
        scanner.scan(_ -> {}, changes, tiles -> progress.accept(0.5 * tiles / scanner.tiles()));
        return changes.done();
    }

    private static EmbeddedWindow embedded(WindowChange change, float[] vector, Optional<SceneGround> ground) {
        Optional<Geometry> footprint = ground.map(place -> place.footprint(change.window()));
        OptionalDouble area = ground.isPresent()
                ? ground.get()
                        .area(
                                change.window(),
                                change.changedPixels()
                                        / (double) change.window().area())
                : OptionalDouble.empty();
        Geometry outlines = ground.map(place -> place.onEarth(change.outlines()))
                .orElseGet(() -> SceneGround.inPixels(change.outlines()));
        return new EmbeddedWindow(change.window(), footprint, change.fraction(), area, outlines, vector);
    }
}
