package org.terrachange.data.synthetic;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.terrachange.data.synthetic.GroundFeature.Layer;
import org.terrachange.data.synthetic.GroundFeature.Patch;
import org.terrachange.data.synthetic.GroundFeature.Stroke;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.Window;

/// Renders windows of a scene's two images. Safe to use from several threads at once.
public final class SceneRenderer {
    private static final long MAX_PIXELS = 64L << 20;
    /// How far shadows and leaning walls reach beyond what casts them, metres.
    private static final double REACH = 60;

    private final Scene scene;
    private final Albedo soil;

    public SceneRenderer(Scene scene) {
        this.scene = scene;
        soil = scene.soil();
    }

    /// Renders a window of one date's image: three bands, red, green and blue, of unsigned bytes.
    ///
    /// @param window inside the scene's grid, at most 64 million pixels
    /// @throws IndexOutOfBoundsException if the window leaves the scene
    public PixelBlock render(Window window, Epoch epoch) {
        SceneSpec spec = scene.spec();
        if (!Window.whole(spec.width(), spec.height()).contains(window)) {
            throw new IndexOutOfBoundsException(
                    "the window " + window + " leaves the scene of " + spec.width() + "x" + spec.height() + " pixels");
        }
        if (window.area() > MAX_PIXELS) {
            throw new IllegalArgumentException("a window of " + window + " is too large to render at once: ask for "
                    + "several of at most " + MAX_PIXELS + " pixels");
        }
        Acquisition date = scene.acquisition(epoch);
        int margin = Sensor.MARGIN;
        Window outer = new Window(
                window.x() - margin, window.y() - margin, window.width() + 2 * margin, window.height() + 2 * margin);
        Canvas canvas = new Canvas(outer, date, spec.metresPerPixel());
        Light light = new Light(date);
        Bounds near = canvas.ground().grown(REACH);
        List<Block> blocks = scene.blocks().stream()
                .filter(block -> block.bounds().intersects(near))
                .toList();
        paintGround(canvas, date, epoch, blocks);
        StructurePainter structures = new StructurePainter(canvas, date, epoch, light);
        TreePainter trees = new TreePainter(canvas, date, light);
        List<Building> buildings =
                standing(blocks, Block::buildings, near, b -> b.presence().on(epoch), Building::bounds);
        List<Tree> standingTrees =
                standing(blocks, Block::trees, near, t -> t.presence().on(epoch), SceneRenderer::bounds);
        List<Fence> fences = standing(
                blocks,
                Block::fences,
                near,
                f -> f.presence().on(epoch),
                f -> f.line().bounds());
        List<Car> cars = standing(
                blocks, Block::cars, near, c -> c.epoch() == epoch, c -> c.box().bounds());
        for (Car car : scene.traffic()) {
            if (car.epoch() == epoch && car.box().bounds().intersects(near)) {
                cars.add(car);
            }
        }
        buildings.forEach(structures::shadow);
        fences.forEach(structures::shadow);
        cars.forEach(structures::shadow);
        standingTrees.forEach(trees::shadow);
        castShadows(canvas, light);
        cars.forEach(structures::car);
        fences.forEach(structures::fence);
        buildings.forEach(structures::building);
        standingTrees.forEach(trees::crown);
        return PixelBlock.ofBytes(window, new Sensor(date).develop(canvas));
    }

    private static Bounds bounds(Tree tree) {
        Point p = tree.position();
        return new Bounds(p.x(), p.y(), p.x(), p.y()).grown(tree.radius());
    }

    private static <T> List<T> standing(
            List<Block> blocks,
            Function<Block, List<T>> content,
            Bounds near,
            Predicate<T> present,
            Function<T, Bounds> bounds) {
        List<T> found = new ArrayList<>();
        for (Block block : blocks) {
            for (T thing : content.apply(block)) {
                if (present.test(thing) && bounds.apply(thing).intersects(near)) {
                    found.add(thing);
                }
            }
        }
        return found;
    }

    private void paintGround(Canvas canvas, Acquisition date, Epoch epoch, List<Block> blocks) {
        Bounds shown = canvas.ground().grown(scene.spec().metresPerPixel());
        Map<Layer, List<GroundFeature>> layers = new EnumMap<>(Layer.class);
        for (Block block : blocks) {
            collect(block.ground(), shown, epoch, layers);
        }
        collect(scene.network(), shown, epoch, layers);
        float[] colour = new float[3];
        for (List<GroundFeature> layer : layers.values()) {
            for (GroundFeature feature : layer) {
                GroundTexture texture = GroundTexture.of(feature.surface(), date, soil);
                switch (feature) {
                    case Patch patch ->
                        canvas.fill(patch.ring(), 0, (index, x, y, coverage) -> {
                            texture.at(x, y, colour);
                            canvas.blend(index, colour, coverage);
                        });
                    case Stroke stroke ->
                        canvas.stroke(stroke.line(), stroke.halfWidth(), (index, x, y, coverage) -> {
                            texture.at(x, y, colour);
                            canvas.blend(index, colour, coverage * (float) stroke.opacity());
                        });
                }
            }
        }
    }

    private static void collect(
            List<GroundFeature> features, Bounds shown, Epoch epoch, Map<Layer, List<GroundFeature>> layers) {
        for (GroundFeature feature : features) {
            if (feature.presence().on(epoch) && feature.bounds().intersects(shown)) {
                layers.computeIfAbsent(feature.layer(), _ -> new ArrayList<>()).add(feature);
            }
        }
    }

    private static void castShadows(Canvas canvas, Light light) {
        for (int i = 0; i < canvas.shadow.length; i++) {
            float shadow = canvas.shadow[i];
            if (shadow > 0) {
                canvas.red[i] *= light.inShadow(0, shadow);
                canvas.green[i] *= light.inShadow(1, shadow);
                canvas.blue[i] *= light.inShadow(2, shadow);
            }
        }
    }
}
