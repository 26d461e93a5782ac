package org.terrachange.detect.product;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.terrachange.raster.Grid;
import org.terrachange.raster.polygon.MaskComponent;
import org.terrachange.raster.polygon.Polygonizer;
import org.terrachange.raster.vector.ChangeFeature;
import org.terrachange.raster.vector.FeatureWriter;
import org.terrachange.raster.vector.GroundFeatures;
import org.terrachange.raster.vector.Layer;
import org.terrachange.raster.vector.VectorFormat;

/// The outlines of the changed areas, in one or several vector formats, each written as soon as it is complete.
public final class ChangeVectors implements Product {
    private static final int LARGEST_KEPT = 20;

    private final GroundFeatures ground;
    private final double minArea;
    private final float threshold;
    private final Polygonizer polygonizer;
    private final List<FeatureWriter> writers = new ArrayList<>();
    private final PriorityQueue<ChangeFeature> largest =
            new PriorityQueue<>(Comparator.comparingLong(ChangeFeature::pixels));
    private long written;
    private long pixels;
    private double area;

    /// @param folder where `changes.{extension}` goes, one a format
    /// @param layer what the coordinates mean
    /// @param ground places and measures outlines
    /// @param minArea smallest area that is kept, in square metres; in pixels where the scene lies on no ground
    public ChangeVectors(
            Path folder,
            List<VectorFormat> formats,
            Grid grid,
            Layer layer,
            GroundFeatures ground,
            double threshold,
            double minArea)
            throws IOException {
        this.ground = ground;
        this.minArea = minArea;
        this.threshold = (float) threshold;
        polygonizer = new Polygonizer(grid.width(), 1, this::accept);
        try {
            for (VectorFormat format : formats) {
                writers.add(format.open(folder.resolve("changes." + format.extension()), layer));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void rows(int y, int count, float[] probability) throws IOException {
        byte[] mask = new byte[probability.length];
        for (int i = 0; i < mask.length; i++) {
            // A comparison with NaN is false, so a missing pixel is never a change.
            mask[i] = (byte) (probability[i] >= threshold ? 1 : 0);
        }
        polygonizer.append(count, mask, probability);
    }

    private void accept(MaskComponent component) throws IOException {
        ChangeFeature feature = ground.place(component);
        if (feature.areaSquareMetres().orElse(feature.pixels()) < minArea) {
            return;
        }
        for (FeatureWriter writer : writers) {
            writer.write(feature);
        }
        written++;
        pixels += feature.pixels();
        area += feature.areaSquareMetres().orElse(0);
        largest.add(feature);
        if (largest.size() > LARGEST_KEPT) {
            largest.remove();
        }
    }

    /// Outlines written.
    public long count() {
        return written;
    }

    /// How often an outline that outgrew the memory for it was cut in two.
    public long cuts() {
        return polygonizer.cuts();
    }

    /// Pixels inside the outlines written.
    public long pixels() {
        return pixels;
    }

    /// Area of the outlines written, in square metres; 0 where the scene lies on no ground.
    public double area() {
        return area;
    }

    /// The largest outlines, largest first.
    public List<ChangeFeature> largest() {
        return largest.stream()
                .sorted(Comparator.comparingLong(ChangeFeature::pixels).reversed())
                .toList();
    }

    /// Completes the outlines that reach the last row. Counts are final from here on.
    public void finish() throws IOException {
        polygonizer.finish();
    }

    @Override
    public void commit() throws IOException {
        for (FeatureWriter writer : writers) {
            writer.commit();
        }
    }

    @Override
    public void close() throws IOException {
        for (FeatureWriter writer : writers) {
            writer.close();
        }
    }
}
