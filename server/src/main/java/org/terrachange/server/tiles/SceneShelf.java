package org.terrachange.server.tiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Keeps the scenes that were looked at last open, and closes the others as soon as nobody draws from them.
final class SceneShelf implements AutoCloseable {
    private final int capacity;
    private final Map<String, Scene> scenes = new LinkedHashMap<>(16, 0.75f, true);

    /// @param capacity scenes that stay open while nobody draws from them
    SceneShelf(int capacity) {
        this.capacity = capacity;
    }

    /// The right to draw from a scene, which stays open until this is closed.
    interface Loan extends AutoCloseable {
        SceneLayers layers();

        @Override
        void close();
    }

    private static final class Scene {
        private final SceneLayers layers;
        private int users;
        private boolean discarded;

        Scene(SceneLayers layers) {
            this.layers = layers;
        }

        private void closeIfUnused() {
            if (discarded && users == 0) {
                try {
                    layers.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /// Borrows a scene, which is opened if need be.
    ///
    /// @throws org.terrachange.raster.RasterException if a file is missing or damaged
    synchronized Loan borrow(String job, SceneFiles.Finder files) throws IOException {
        Scene scene = scenes.get(job);
        if (scene == null) {
            scene = new Scene(SceneLayers.open(files.find()));
            scenes.put(job, scene);
        }
        scene.users++;
        List<String> names = new ArrayList<>(scenes.keySet());
        names.subList(0, Math.max(0, names.size() - capacity)).forEach(this::discard);
        Scene lent = scene;
        return new Loan() {
            @Override
            public SceneLayers layers() {
                return lent.layers;
            }

            @Override
            public void close() {
                giveBack(lent);
            }
        };
    }

    private synchronized void giveBack(Scene scene) {
        scene.users--;
        scene.closeIfUnused();
    }

    /// Closes a scene as soon as nobody draws from it; does nothing where it is not open.
    synchronized void forget(String job) {
        discard(job);
    }

    private void discard(String job) {
        Scene scene = scenes.remove(job);
        if (scene != null) {
            scene.discarded = true;
            scene.closeIfUnused();
        }
    }

    @Override
    public synchronized void close() {
        List.copyOf(scenes.keySet()).forEach(this::discard);
    }
}
