package org.terrachange.raster;

import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.proj4j.io.Proj4FileReader;
import org.terrachange.raster.CrsTest.Keys;
import org.terrachange.raster.cog.CogOptions;
import org.terrachange.raster.cog.CogWriter;
import tools.jackson.databind.JsonNode;

/// GDAL and this package must see the same place in the GeoKeys of a file.
class CrsGdalTest {
    private static final String LOCATE = """
            import json, sys
            from osgeo import gdal, osr
            gdal.UseExceptions()
            world = osr.SpatialReference()
            world.ImportFromEPSG(4326)
            world.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
            answers = []
            for path in sys.argv[1:]:
                image = gdal.Open(path)
                crs = image.GetSpatialRef()
                crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
                t = image.GetGeoTransform()
                x, y, _ = osr.CoordinateTransformation(crs, world).TransformPoint(t[0], t[3])
                unit = crs.GetLinearUnits() if crs.IsProjected() else 1
                answers.append({'x': x, 'y': y, 'unit': unit, 'proj': crs.ExportToProj4()})
            json.dump(answers, sys.stdout)
            """;

    @TempDir
    Path folder;

    /// @param metres how far the two may differ
    private record Place(Crs crs, double x, double y, double metres) {}

    @Test
    void registeredSystemsLieWhereGdalPutsThem() throws IOException {
        Map<String, Place> places = new LinkedHashMap<>();
        // Datums tied to WGS 84 by nothing, by an exact shift or by none worth a millimetre.
        for (Place place : List.of(
                new Place(Crs.ofEpsg(4326), -71.5, 42.25, 0.001),
                new Place(Crs.ofEpsg(32619), 300000, 4600000, 0.001),
                new Place(Crs.ofEpsg(32733), 300000, 7600000, 0.001),
                new Place(Crs.ofEpsg(3857), -8e6, 5e6, 0.001),
                new Place(Crs.ofEpsg(2154), 652469, 6862035, 0.001),
                new Place(Crs.ofEpsg(25832), 565000, 5930000, 0.001),
                new Place(Crs.ofEpsg(3035), 4321000, 3210000, 0.001),
                new Place(Crs.ofEpsg(3413), 100000, -2000000, 0.001),
                new Place(Crs.ofEpsg(3031), 1000000, 500000, 0.001),
                new Place(Crs.ofEpsg(2193), 1750000, 5430000, 0.001),
                new Place(Crs.ofEpsg(5880), 5600000, 8300000, 0.001),
                new Place(Crs.ofEpsg(3994), 6000000, -4000000, 0.001),
                new Place(Crs.ofEpsg(26919), 300000, 4600000, 0.001),
                new Place(Crs.ofEpsg(5070), 1000000, 2000000, 0.001),
                new Place(Crs.ofEpsg(2263), 987000, 200000, 0.001),
                new Place(Crs.ofEpsg(6933), 1000000, 4000000, 0.001),
                // Switzerland: the published three-parameter shift.
                new Place(Crs.ofEpsg(2056), 2600000, 1200000, 1),
                // Great Britain: GDAL shifts by a grid where it has it, by seven parameters otherwise.
                new Place(Crs.ofEpsg(27700), 530000, 180000, 5))) {
            places.put(place.crs().name(), place);
        }
        check(places);
    }

    /// In the middle of where each system is used, there and back.
    private static final String REGISTER = """
            import json, math, os, sys
            os.environ['OSR_USE_NON_DEPRECATED'] = 'NO'
            from osgeo import gdal, osr
            gdal.UseExceptions()
            gdal.PushErrorHandler('CPLQuietErrorHandler')
            def system(code):
                crs = osr.SpatialReference()
                crs.ImportFromEPSG(code)
                crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
                return crs
            world = system(4326)
            answers = []
            for code in sys.argv[1:]:
                try:
                    crs = system(int(code))
                    area = crs.GetAreaOfUse()
                    west, east = area.west_lon_degree, area.east_lon_degree
                    lon = west + 0.4 * (east + (360 if east < west else 0) - west)
                    lat = area.south_lat_degree + 0.6 * (area.north_lat_degree - area.south_lat_degree)
                    x, y, _ = osr.CoordinateTransformation(world, crs).TransformPoint(lon, lat)
                    lon, lat, _ = osr.CoordinateTransformation(crs, world).TransformPoint(x, y)
                    if all(map(math.isfinite, (x, y, lon, lat))):
                        answers.append({'code': int(code), 'x': x, 'y': y, 'lon': lon, 'lat': lat})
                except (RuntimeError, AttributeError):
                    pass
            json.dump(answers, sys.stdout)
            """;

    @Test
    void projectedSystemsOfTheRegisterAreKnownToLieNearWhereGdalPutsThemOrRefused() throws IOException {
        long seed = System.nanoTime();
        List<String> codes = new ArrayList<>(List.of(
                "5880", "5530", "29101", "29100", "3994", "3752", "3388", "5641", "29873", "3140", "3410", "3395"));
        List<String> others = projected();
        Collections.shuffle(others, new Random(seed));
        codes.addAll(others.subList(0, 60));
        SoftAssertions softly = new SoftAssertions();
        int compared = 0;
        for (JsonNode place : GdalOracle.ask(REGISTER, codes)) {
            int code = place.get("code").asInt();
            String what = "EPSG:" + code + " (seed " + seed + ") beside " + place;
            Crs.Transform inverse;
            Crs.Transform forward;
            try {
                inverse = Crs.ofEpsg(code).toWgs84();
                forward = Crs.ofEpsg(4326).to(Crs.ofEpsg(code));
            } catch (IllegalArgumentException refused) {
                softly.assertThat(refused).as(what).hasMessageContaining("kilometres away");
                continue;
            }
            double[] lonLat =
                    inverse.apply(place.get("x").asDouble(), place.get("y").asDouble());
            double north = lonLat[1] - place.get("lat").asDouble();
            double east = Math.IEEEremainder(lonLat[0] - place.get("lon").asDouble(), 360)
                    * Math.cos(Math.toRadians(lonLat[1]));
            softly.assertThat(111_000 * Math.hypot(east, north)).as(what).isLessThan(1_000);
            double[] back = forward.apply(lonLat[0], lonLat[1]);
            double unit = Crs.ofEpsg(code).metresPerUnit();
            softly.assertThat(unit
                            * Math.hypot(
                                    back[0] - place.get("x").asDouble(),
                                    back[1] - place.get("y").asDouble()))
                    .as("there and back in " + what)
                    .isLessThan(1);
            compared++;
        }
        softly.assertThat(compared).isGreaterThan(50);
        softly.assertAll();
    }

    private static List<String> projected() throws IOException {
        try (BufferedReader register = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Proj4FileReader.class.getResourceAsStream("/proj4/nad/epsg")),
                StandardCharsets.UTF_8))) {
            return register.lines()
                    .filter(line -> line.startsWith("<")
                            && !line.contains("+proj=longlat")
                            && !line.contains("geocent")
                            && !line.contains("+vunits"))
                    .map(line -> line.substring(1, line.indexOf('>')))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    @Test
    void userDefinedSystemsLieWhereGdalPutsThem() throws IOException {
        Map<String, Place> places = new LinkedHashMap<>();
        places.put(
                "Mercator with a parallel of true scale",
                place(
                        grid(7).code(3078, -41.0)
                                .code(3080, 100.0)
                                .code(3082, 0.0)
                                .code(3083, 0.0),
                        6e6,
                        -4e6));
        places.put(
                "polyconic",
                place(grid(22).code(3080, -54.0).code(3081, 0.0).code(3082, 5e6).code(3083, 1e7), 5.6e6, 8.3e6));
        places.put(
                "transverse Mercator",
                place(
                        grid(1).code(3080, 9.0)
                                .code(3081, 0.0)
                                .code(3082, 5e5)
                                .code(3083, 0.0)
                                .code(3092, 0.9996),
                        7e5,
                        5e6));
        places.put(
                "transverse Mercator in US feet",
                place(
                        base(4269, 9003)
                                .code(3075, 1)
                                .code(3080, -75.0)
                                .code(3081, 38.0)
                                .code(3082, 656166.6666666667)
                                .code(3083, 0.0)
                                .code(3092, 0.999995),
                        600000,
                        400000));
        places.put(
                "Mercator",
                place(
                        grid(7).code(3080, 10.0)
                                .code(3081, 0.0)
                                .code(3082, 1e5)
                                .code(3083, 0.0)
                                .code(3092, 0.99),
                        3e5,
                        4e6));
        places.put(
                "Lambert conformal, two parallels",
                place(
                        grid(8).code(3078, 49.0)
                                .code(3079, 44.0)
                                .code(3084, 3.0)
                                .code(3085, 46.5)
                                .code(3086, 7e5)
                                .code(3087, 6.6e6),
                        652469,
                        6862035));
        places.put(
                "Lambert conformal, one parallel",
                place(
                        grid(9).code(3080, 5.0)
                                .code(3081, 45.0)
                                .code(3082, 1e5)
                                .code(3083, 2e5)
                                .code(3092, 0.9999),
                        2e5,
                        3e5));
        places.put(
                "Lambert azimuthal",
                place(
                        grid(10).code(3088, 10.0)
                                .code(3089, 52.0)
                                .code(3082, 4.3e6)
                                .code(3083, 3.2e6),
                        4e6,
                        3e6));
        places.put(
                "Albers",
                place(
                        grid(11).code(3078, 29.5)
                                .code(3079, 45.5)
                                .code(3080, -96.0)
                                .code(3081, 23.0)
                                .code(3082, 0.0)
                                .code(3083, 0.0),
                        1e6,
                        2e6));
        places.put(
                "polar stereographic, north",
                place(
                        grid(15).code(3081, 70.0)
                                .code(3095, -45.0)
                                .code(3082, 0.0)
                                .code(3083, 0.0)
                                .code(3092, 1.0),
                        1e5,
                        -2e6));
        places.put(
                "polar stereographic, south",
                place(
                        grid(15).code(3081, -71.0)
                                .code(3095, 0.0)
                                .code(3082, 0.0)
                                .code(3083, 0.0)
                                .code(3092, 1.0),
                        1e6,
                        5e5));
        places.put(
                "oblique stereographic",
                place(
                        grid(16).code(3080, 5.4)
                                .code(3081, 52.2)
                                .code(3082, 155000.0)
                                .code(3083, 463000.0)
                                .code(3092, 0.9999),
                        2e5,
                        5e5));
        places.put(
                "cylindrical equal area",
                place(grid(28).code(3078, 30.0).code(3080, 0.0).code(3082, 0.0).code(3083, 0.0), 1e6, 4e6));
        places.put(
                "sinusoidal on a sphere",
                place(
                        new Keys()
                                .code(1024, 1)
                                .code(2048, 32767)
                                .code(2050, 32767)
                                .code(2056, 32767)
                                .code(2057, 6371007.181)
                                .code(2059, 0.0)
                                .code(2054, 9102)
                                .code(3072, 32767)
                                .code(3074, 32767)
                                .code(3075, 24)
                                .code(3076, 9001)
                                .code(3088, 0.0)
                                .code(3082, 0.0)
                                .code(3083, 0.0),
                        1e6,
                        4e6));
        check(places);
    }

    private void check(Map<String, Place> places) throws IOException {
        List<String> files = new ArrayList<>();
        for (Place place : places.values()) {
            Path file = folder.resolve(files.size() + ".tif");
            Grid grid = Grid.of(1, 1, Affine.northUp(place.x(), place.y(), 1, 1), place.crs());
            try (CogWriter writer = CogWriter.create(file, grid, CogOptions.of(SampleType.UINT8, 1))) {
                writer.append(PixelBlock.ofBytes(grid.window(), new byte[1]));
                writer.finish();
            }
            files.add(file.toString());
        }
        JsonNode answers = GdalOracle.ask(LOCATE, files);
        SoftAssertions softly = new SoftAssertions();
        int index = 0;
        for (var entry : places.entrySet()) {
            JsonNode answer = answers.get(index++);
            Place place = entry.getValue();
            double[] here = place.crs().toWgs84().apply(place.x(), place.y());
            double north = here[1] - answer.get("y").asDouble();
            double east = (here[0] - answer.get("x").asDouble()) * Math.cos(Math.toRadians(here[1]));
            softly.assertThat(Math.hypot(east, north) * 111_000)
                    .as("metres between %s of %s and of GDAL (%s)", List.of(here[0], here[1]), entry.getKey(), answer)
                    .isLessThan(place.metres());
            if (!place.crs().isGeographic()) {
                softly.assertThat(place.crs().metresPerUnit())
                        .as(entry.getKey())
                        .isCloseTo(answer.get("unit").asDouble(), within(1e-12));
            }
        }
        softly.assertAll();
    }

    private static Place place(Keys keys, double x, double y) {
        return new Place(keys.crs(), x, y, 0.001);
    }

    private static Keys grid(int method) {
        return base(4326, 9001).code(3075, method);
    }

    private static Keys base(int geographic, int unit) {
        return new Keys()
                .code(1024, 1)
                .code(2048, geographic)
                .code(2054, 9102)
                .code(3072, 32767)
                .code(3074, 32767)
                .code(3076, unit);
    }
}
