package org.terrachange.search.index;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.terrachange.raster.Window;

/// Changes made up at random, their vectors in clusters as those of real archives are.
final class SyntheticArchive {
    static final int DIMENSION = 64;
    static final ModelFingerprint MODEL = new ModelFingerprint("synthetic", "ab".repeat(32), DIMENSION);

    private static final int CLUSTERS = 40;
    private static final double SPREAD = 0.5;
    private static final List<String> WORDS = List.of("road", "building", "forest", "lake", "harbour");

    private final SplittableRandom random;
    private final List<float[]> centres = new ArrayList<>();

    SyntheticArchive(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < CLUSTERS; i++) {
            centres.add(direction());
        }
    }

    /// A vector of no cluster, of length 1.
    float[] direction() {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return UnitVectors.of(vector, DIMENSION);
    }

    /// A vector near the centre of one of the clusters, of length 1.
    float[] clustered() {
        float[] vector = centres.get(random.nextInt(CLUSTERS)).clone();
        float[] noise = direction();
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] += (float) SPREAD * noise[i];
        }
        return UnitVectors.of(vector, DIMENSION);
    }

    EmbeddedChange change(String source, int number) {
        LocalDate before = LocalDate.ofEpochDay(15_000 + random.nextInt(3000));
        boolean dated = random.nextInt(10) > 0;
        boolean placed = random.nextInt(10) > 0;
        ChangeRecord change = new ChangeRecord(
                source + "/" + number,
                source,
                source + "-before.tif",
                source + "-after.tif",
                new Window(256 * number, 512, 256, 200),
                placed ? Optional.of(box()) : Optional.empty(),
                dated ? Optional.of(before) : Optional.empty(),
                dated && random.nextBoolean() ? Optional.of(before.plusDays(random.nextInt(800))) : Optional.empty(),
                random.nextDouble(),
                random.nextBoolean() ? OptionalDouble.of(1000 * random.nextDouble()) : OptionalDouble.empty(),
                random.nextBoolean()
                        ? Optional.of("{\"type\":\"FeatureCollection\",\"features\":[]}")
                        : Optional.empty(),
                List.of("a " + word() + " appeared", "the " + word() + " is gone"));
        return new EmbeddedChange(change, clustered());
    }

    List<EmbeddedChange> source(String source, int windows) {
        List<EmbeddedChange> changes = new ArrayList<>();
        for (int i = 0; i < windows; i++) {
            changes.add(change(source, i));
        }
        return changes;
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private Geometry box() {
        double west = -180 + 358 * random.nextDouble();
        double south = -90 + 178 * random.nextDouble();
        return new GeometryFactory().toGeometry(new Envelope(west, west + 2, south, south + 2));
    }
}
