package org.terrachange.server.archive;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.search.archive.ArchiveImages;
import org.terrachange.search.archive.HitPixels;
import org.terrachange.search.index.ChangeRecord;

/// Keeps the pairs of images that were looked at last open: the hits of a question often lie in few of them.
final class PairShelf implements Closeable {
    private static final int CAPACITY = 6;

    private final Map<Names, ScenePair> pairs = new LinkedHashMap<>(16, 0.75f, true);

    /// What an archive calls two images.
    private record Names(String before, String after) {}

    /// Reads the pixels behind a record.
    ///
    /// @throws IOException if an image is gone or no longer has the window
    synchronized HitPixels read(ChangeRecord change) throws IOException {
        Names names = new Names(change.before(), change.after());
        ScenePair pair = pairs.get(names);
        if (pair == null) {
            pair = ArchiveImages.open(change.before(), change.after(), GsdRange.ANY);
            pairs.put(names, pair);
        }
        Iterator<ScenePair> oldest = pairs.values().iterator();
        while (pairs.size() > CAPACITY) {
            ScenePair closing = oldest.next();
            oldest.remove();
            closing.close();
        }
        return HitPixels.read(change, pair);
    }

    @Override
    public synchronized void close() throws IOException {
        IOException failure = null;
        for (ScenePair pair : pairs.values()) {
            try {
                pair.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        pairs.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
