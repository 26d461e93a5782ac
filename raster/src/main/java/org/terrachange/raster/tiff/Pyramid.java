package org.terrachange.raster.tiff;

import java.io.Closeable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.raster.RasterException;

/// The images that belong to one scene: the full resolution, its reduced copies and their masks, in the file itself
/// or in the files `.ovr` and `.msk` beside it, which GDAL and others write for files that may not be changed. As for
/// GDAL, what the file itself holds comes first.
///
/// All share one cache of decoded blocks.
final class Pyramid implements Closeable {
    private static final int REDUCED = 1;
    private static final int MASK = 4;

    private final List<TiffFile> files = new ArrayList<>();
    private final List<Level> levels = new ArrayList<>();
    private final BlockCache cache = new BlockCache(BlockCache.CAPACITY);

    /// One resolution.
    ///
    /// @param image its pixels
    /// @param mask an image of the same size, 0 where a pixel is missing
    record Level(Directory image, Optional<Directory> mask) {}

    private Pyramid() {}

    /// Gathers the images of a scene, and closes the file when closed.
    ///
    /// @throws RasterException if a directory is damaged; the file is closed then
    static Pyramid of(TiffFile file) throws RasterException {
        var pyramid = new Pyramid();
        try {
            pyramid.gather(file);
            return pyramid;
        } catch (RasterException | RuntimeException e) {
            pyramid.close();
            throw e;
        }
    }

    private void gather(TiffFile file) throws RasterException {
        files.add(file);
        List<Directory> directories = file.directories();
        Directory full = directories.getFirst();
        List<Directory> masks = new ArrayList<>();
        List<Directory> reduced = new ArrayList<>();
        for (Directory directory : directories.subList(1, directories.size())) {
            long kind = kind(directory);
            if ((kind & MASK) != 0) {
                masks.add(directory);
            } else if ((kind & REDUCED) != 0 && isCopy(directory, full)) {
                reduced.add(directory);
            }
        }
        if (reduced.isEmpty()) {
            for (Directory directory : beside(file, "ovr")) {
                if ((kind(directory) & MASK) != 0) {
                    masks.add(directory);
                } else if (isCopy(directory, full)) {
                    reduced.add(directory);
                }
            }
        }
        if (masks.isEmpty()) {
            masks.addAll(beside(file, "msk"));
            if (!masks.isEmpty() && !sameSize(masks.getFirst(), full)) {
                throw masks.getFirst().file().error("is no mask of the image beside it: their sizes differ");
            }
            masks.addAll(beside(file, "msk.ovr"));
        }
        levels.add(new Level(full, find(masks, full)));
        for (Directory directory : reduced) {
            levels.add(new Level(directory, find(masks, directory)));
        }
    }

    private List<Directory> beside(TiffFile file, String ending) throws RasterException {
        Optional<Path> path = file.path().map(p -> p.resolveSibling(p.getFileName() + "." + ending));
        if (path.isEmpty() || !Files.isRegularFile(path.get())) {
            return List.of();
        }
        TiffFile sidecar = TiffFile.open(path.get());
        files.add(sidecar);
        return sidecar.directories();
    }

    private static long kind(Directory directory) throws RasterException {
        return directory.number(Directory.NEW_SUBFILE_TYPE, 0);
    }

    /// Whether an image can be a reduced copy of another: files also chain thumbnails in other colours.
    private static boolean isCopy(Directory image, Directory full) throws RasterException {
        return image.number(Directory.IMAGE_WIDTH, 0) <= full.number(Directory.IMAGE_WIDTH, 0)
                && image.number(Directory.IMAGE_LENGTH, 0) <= full.number(Directory.IMAGE_LENGTH, 0)
                && same(image, full, Directory.SAMPLES_PER_PIXEL)
                && same(image, full, Directory.BITS_PER_SAMPLE)
                && same(image, full, Directory.SAMPLE_FORMAT);
    }

    private static boolean sameSize(Directory one, Directory other) throws RasterException {
        return same(one, other, Directory.IMAGE_WIDTH) && same(one, other, Directory.IMAGE_LENGTH);
    }

    private static boolean same(Directory one, Directory other, int tag) throws RasterException {
        return one.number(tag, 1) == other.number(tag, 1);
    }

    private static Optional<Directory> find(List<Directory> masks, Directory image) throws RasterException {
        for (Directory mask : masks) {
            if (sameSize(mask, image)) {
                return Optional.of(mask);
            }
        }
        return Optional.empty();
    }

    /// The resolutions, the full one first, the others in the order of the file.
    List<Level> levels() {
        return levels;
    }

    BlockCache cache() {
        return cache;
    }

    @Override
    public void close() throws RasterException {
        cache.clear();
        Optional<RasterException> failure = Optional.empty();
        for (TiffFile file : files) {
            try {
                file.close();
            } catch (RasterException e) {
                failure = Optional.of(e);
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
