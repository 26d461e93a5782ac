package org.terrachange.data.synthetic;

import java.util.List;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.Window;

/// A whole pair in memory: two images and the truth.
///
/// @param grid where the images lie
/// @param before red, green and blue of the earlier date, unsigned bytes
/// @param after the same of the later date
/// @param mask one band: 255 where something changed, else 0
/// @param objects what changed, one by one
/// @param captions three to five sentences that say so
public record SyntheticPair(
        Grid grid,
        PixelBlock before,
        PixelBlock after,
        PixelBlock mask,
        List<ChangedObject> objects,
        List<String> captions) {
    public SyntheticPair {
        objects = List.copyOf(objects);
        captions = List.copyOf(captions);
    }

    /// Lays out and renders a pair. Images too large for one block of pixels go through [SyntheticPairWriter]
    /// instead.
    ///
    /// @throws IllegalArgumentException if the images have more than 64 million pixels
    public static SyntheticPair of(SceneSpec spec) {
        Scene scene = Scene.of(spec);
        SceneRenderer renderer = new SceneRenderer(scene);
        SceneTruth truth = new SceneTruth(scene);
        Window all = Window.whole(spec.width(), spec.height());
        return new SyntheticPair(
                scene.grid(),
                renderer.render(all, Epoch.BEFORE),
                renderer.render(all, Epoch.AFTER),
                PixelBlock.ofBytes(all, truth.mask(all)),
                truth.objects(),
                Captions.of(scene, truth));
    }
}
