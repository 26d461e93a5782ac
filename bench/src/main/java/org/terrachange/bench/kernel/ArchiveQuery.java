package org.terrachange.bench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.terrachange.raster.Window;
import org.terrachange.search.index.ArchiveIndex;
import org.terrachange.search.index.ArchiveSearcher;
import org.terrachange.search.index.ChangeRecord;
import org.terrachange.search.index.EmbeddedChange;
import org.terrachange.search.index.Hit;
import org.terrachange.search.index.ModelFingerprint;
import org.terrachange.search.index.SearchFilter;

/// The ten nearest of 5,000 random vectors of 512 numbers. {@link org.terrachange.bench.VectorSearchThroughput}
/// measures
/// large archives and their recall.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class ArchiveQuery {
    private static final int VECTORS = 5_000;
    private static final int DIMENSION = 512;
    private static final int NEAREST = 10;

    private Path folder;
    private ArchiveSearcher searcher;
    private float[] query;

    @Setup
    public void index() throws IOException {
        folder = Files.createTempDirectory("terrachange-kernel");
        SplittableRandom random = new SplittableRandom(1);
        ModelFingerprint model = new ModelFingerprint("synthetic", "0".repeat(64), DIMENSION);
        try (ArchiveIndex index = ArchiveIndex.open(folder, model, List.of())) {
            List<EmbeddedChange> changes = new ArrayList<>();
            for (int i = 0; i < VECTORS; i++) {
                changes.add(new EmbeddedChange(change(i), unit(random)));
            }
            index.replace("all", "0", changes);
            index.commit();
        }
        searcher = ArchiveSearcher.open(folder);
        query = unit(random);
    }

    private static ChangeRecord change(int number) {
        return new ChangeRecord(
                Integer.toString(number),
                "all",
                "before.tif",
                "after.tif",
                new Window(0, 0, 256, 256),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0.5,
                OptionalDouble.empty(),
                Optional.empty(),
                List.of());
    }

    private static float[] unit(SplittableRandom random) {
        float[] vector = new float[DIMENSION];
        double squares = 0;
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += vector[i] * vector[i];
        }
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    @TearDown
    public void delete() throws IOException {
        searcher.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Benchmark
    public List<Hit> search() throws IOException {
        return searcher.search(query, SearchFilter.NONE, NEAREST);
    }
}
