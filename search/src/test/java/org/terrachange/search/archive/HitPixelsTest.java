package org.terrachange.search.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.geojson.GeoJsonWriter;
import org.terrachange.raster.Affine;
import org.terrachange.raster.Crs;
import org.terrachange.raster.Grid;
import org.terrachange.raster.PixelBlock;
import org.terrachange.raster.SampleType;
import org.terrachange.raster.Window;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import org.terrachange.search.index.ChangeRecord;

class HitPixelsTest {
    private static final Window WINDOW = new Window(8, 4, 48, 48);

    @TempDir
    private Path folder;

    private Path image(String name, Grid grid) throws IOException {
        Path file = folder.resolve(name);
        try (CogWriter writer = CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, 3))) {
            byte[] band = new byte[(int) grid.window().area()];
            writer.append(PixelBlock.ofBytes(grid.window(), band, band.clone(), band.clone()));
            writer.finish();
        }
        return file;
    }

    /// UTM zone 1 begins at the 180th meridian: there its eastings on the equator are 166,021 m.
    @ParameterizedTest
    @CsvSource({"165701, 2", "165400, 1", "166400, 1"})
    void outlinesLieWhereTheyWereFoundAtTheDateLineToo(double west, int parts) throws IOException {
        Grid grid = Grid.of(64, 64, Affine.northUp(west, 1_000, 10, 10), Crs.ofEpsg(32601));
        Path before = image("before.tif", grid);
        Path after = image("after.tif", grid);
        Polygon outline = (Polygon) new GeometryFactory().toGeometry(new Envelope(20, 44, 10, 30));
        Geometry stored = SceneGround.of(grid).orElseThrow().onEarth(List.of(outline));
        assertThat(stored.getGeometryN(0).getNumGeometries()).isEqualTo(parts);
        ChangeRecord change = new ChangeRecord(
                "a",
                "a",
                before.toString(),
                after.toString(),
                WINDOW,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0.5,
                OptionalDouble.empty(),
                Optional.of(new GeoJsonWriter().write(stored)),
                List.of());

        Geometry read = HitPixels.read(change).outlines();

        Envelope extent = read.getEnvelopeInternal();
        assertThat(extent.getMinX()).isCloseTo(20 - 8, within(0.05));
        assertThat(extent.getMaxX()).isCloseTo(44 - 8, within(0.05));
        assertThat(extent.getMinY()).isCloseTo(10 - 4, within(0.05));
        assertThat(extent.getMaxY()).isCloseTo(30 - 4, within(0.05));
        assertThat(read.getArea()).isCloseTo(outline.getArea(), within(2.0));
    }
}
