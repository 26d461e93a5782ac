package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.polygon.GroundMeasure;
import org.terrachange.raster.polygon.Polygonizer;
import org.terrachange.raster.polygon.SceneLonLat;
import org.terrachange.raster.polygon.Tolerance;

/// What every format promises.
class VectorFormatTest {
    static final List<VectorFormat> FORMATS = VectorFormat.ALL;

    /// Debian builds GDAL without its Parquet driver; see [GeoParquetTest].
    static final List<VectorFormat> READ_BY_GDAL = List.of(new GeoJson(), new GeoPackage(), new FlatGeobuf());

    @TempDir
    Path folder;

    @Test
    void formatsAreChosenByNameInAnyCase() {
        assertThat(VectorFormat.parse("geojson")).isEqualTo(new GeoJson());
        assertThat(VectorFormat.parse(" GPKG ")).isEqualTo(new GeoPackage());
        assertThat(VectorFormat.parse("GeoPackage")).isEqualTo(new GeoPackage());
        assertThat(VectorFormat.parse("FlatGeobuf")).isEqualTo(new FlatGeobuf());
        assertThat(VectorFormat.parse("parquet")).isEqualTo(new GeoParquet());
        assertThatThrownBy(() -> VectorFormat.parse("shapefile"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'shapefile' is no vector format; choose one of geojson, gpkg, fgb, geoparquet");
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void namesAreUnique(VectorFormat format) {
        assertThat(VectorFormat.parse(format.name())).isSameAs(format);
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void closingWithoutCommitLeavesNothingAndKeepsAnOlderFile(VectorFormat format) throws IOException {
        Path file = folder.resolve("changes." + format.extension());
        Files.writeString(file, "older");
        try (FeatureWriter writer = format.open(file, Samples.PIXELS)) {
            writer.write(Samples.feature(1, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"));
        }
        assertThat(file).hasContent("older");
        assertThat(filesIn(folder)).containsExactly(file);
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void commitReplacesAnOlderFile(VectorFormat format) throws IOException {
        Path file = folder.resolve("changes." + format.extension());
        Files.writeString(file, "older");
        try (FeatureWriter writer = format.open(file, Samples.PIXELS)) {
            writer.commit();
        }
        assertThat(Files.size(file)).isGreaterThan(50);
        assertThat(filesIn(folder)).containsExactly(file);
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void aFeatureThatCannotBeWrittenLeavesNothing(VectorFormat format) throws IOException {
        Path file = folder.resolve("changes." + format.extension());
        var ground = new Layer.GroundReference(Samples.USER_DEFINED, new SceneLonLat(0, _ -> {
            throw new IllegalStateException("outside the projection");
        }));
        assertThatThrownBy(() -> {
                    try (FeatureWriter writer = format.open(file, Layer.onGround("changes", ground))) {
                        writer.write(Samples.feature(1, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"));
                        writer.commit();
                    }
                })
                .hasMessage("outside the projection");
        assertThat(filesIn(folder)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void aMissingFolderIsNamed(VectorFormat format) {
        Path file = folder.resolve("missing").resolve("changes.out");
        assertThatThrownBy(() -> format.open(file, Samples.PIXELS).close())
                .isInstanceOf(RasterException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("does not exist; create it first");
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void aFolderIsNoFile(VectorFormat format) {
        assertThatThrownBy(() -> format.open(folder, Samples.PIXELS).close())
                .isInstanceOf(RasterException.class)
                .hasMessageContaining("is a folder; name a file to write");
    }

    @ParameterizedTest
    @FieldSource("FORMATS")
    void awkwardFileNamesWork(VectorFormat format) throws IOException {
        Path file = folder.resolve("50% sure? a=b & c#1 é." + format.extension());
        try (FeatureWriter writer = format.open(file, Samples.PIXELS)) {
            writer.write(Samples.feature(1, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))"));
            writer.commit();
        }
        assertThat(filesIn(folder)).containsExactly(file);
        assertThat(Files.size(file)).isGreaterThan(100);
    }

    @ParameterizedTest
    @FieldSource("READ_BY_GDAL")
    void gdalReadsAMaskFromEndToEnd(VectorFormat format) throws IOException, InterruptedException, ParseException {
        int size = 80;
        long seed = new SplittableRandom().nextLong();
        System.out.println("VectorFormatTest: seed " + seed);
        var random = new SplittableRandom(seed);
        byte[] mask = new byte[size * size];
        float[] probability = new float[size * size];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = (byte) (random.nextInt(4) == 0 ? 1 : 0);
            probability[i] = random.nextFloat();
        }
        for (Tolerance tolerance : List.of(Tolerance.parse("0"), Tolerance.parse("0.75m"))) {
            var measure = new GroundMeasure.Plane(1);
            var features = new GroundFeatures(
                    Samples.GRID, measure, tolerance, Optional.of("2017-03-01"), Optional.of("2018-03-01"));
            Path file = folder.resolve("scene." + format.extension());
            long[] count = new long[1];
            try (FeatureWriter writer = format.open(file, Samples.onGround(OptionalInt.of(32615)))) {
                var polygonizer = new Polygonizer(size, 2, component -> writer.write(features.place(component)));
                polygonizer.append(size, mask, probability);
                count[0] = polygonizer.finish();
                writer.commit();
            }

            String summary = Ogrinfo.run(file, "-al", "-so");
            assertThat(summary)
                    .contains("Feature Count: " + count[0])
                    .contains("Geometry: Polygon")
                    .contains("pixels: Integer")
                    .contains("area_m2: Real")
                    .contains("perimeter_m: Real")
                    .contains("mean_probability: Real")
                    .contains("max_probability: Real")
                    .contains("before: ")
                    .contains("after: ")
                    .doesNotContain("Warning")
                    .doesNotContain("ERROR");
            var shapes = Pattern.compile("POLYGON .*").matcher(Ogrinfo.run(file, "-al"));
            int valid = 0;
            while (shapes.find()) {
                Geometry shape = new WKTReader().read(shapes.group());
                assertThat(shape.isValid()).isTrue();
                valid++;
            }
            assertThat(valid).isEqualTo((int) count[0]);
        }
    }

    static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
