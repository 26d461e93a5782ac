package org.terrachange.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrsTest {
    private static final double MILLIMETRE = 1e-8;

    @ParameterizedTest
    @CsvSource({
        "4326, true, 111319.49079327358",
        "32619, false, 1",
        "32760, false, 1",
        "3857, false, 1",
        "2154, false, 1",
        "2263, false, 0.3048006096012192",
        "4267, true, 111319.49079327358",
    })
    void aRegisteredSystemKnowsItsKindAndUnit(int code, boolean geographic, double metres) {
        Crs crs = Crs.ofEpsg(code);
        assertThat(crs.epsg()).isEqualTo(OptionalInt.of(code));
        assertThat(crs.name()).isEqualTo("EPSG:" + code);
        assertThat(crs.isGeographic()).isEqualTo(geographic);
        assertThat(crs.metresPerUnit()).isCloseTo(metres, within(1e-10));
    }

    @ParameterizedTest
    @ValueSource(ints = {4326, 32619, 3857, 2154, 2263})
    void aRegisteredSystemSurvivesItsOwnGeoKeys(int code) {
        Crs crs = Crs.ofEpsg(code);
        Crs back = Crs.ofGeoKeys(crs.geoKeys());
        assertThat(back).isEqualTo(crs).hasSameHashCodeAs(crs);
        assertThat(back.isGeographic()).isEqualTo(crs.isGeographic());
        assertThat(back.metresPerUnit()).isEqualTo(crs.metresPerUnit());
    }

    @ParameterizedTest
    @ValueSource(ints = {99999, 0, -5, 32700})
    void anUnknownCodeIsRefusedByName(int code) {
        assertThatThrownBy(() -> Crs.ofEpsg(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("EPSG:" + code + ": is not in the EPSG register at hand");
    }

    @Test
    void aGeocentricCodeIsRefused() {
        assertThatThrownBy(() -> Crs.ofEpsg(4978))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EPSG:4978: is geocentric");
    }

    /// Expected values by PROJ 9.1.
    @ParameterizedTest
    @CsvSource({
        "4326, -71.5, 42.25, -71.5, 42.25",
        "32619, 300000, 4600000, -71.397175971656, 41.526672310782",
        "3857, -8000000, 5000000, -71.8652227295617, 40.9162744706758",
        "2154, 652469, 6862035, 2.3521997195163, 48.8565976653841",
        "2263, 987000, 200000, -73.9900799312051, 40.7156300706544",
    })
    void pointsReachWgs84(int code, double x, double y, double longitude, double latitude) throws CrsException {
        assertThat(Crs.ofEpsg(code).toWgs84().apply(x, y))
                .containsExactly(new double[] {longitude, latitude}, within(MILLIMETRE));
    }

    @Test
    void aPointOutsideTheProjectionIsRefusedWithItsCoordinates() throws CrsException {
        Crs.Transform transform = Crs.ofEpsg(32619).toWgs84();
        for (double x : new double[] {3e9, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> transform.apply(x, 4600000))
                    .isInstanceOf(CrsException.class)
                    .hasMessage("EPSG:32619: the point (" + x
                            + ", 4600000.0) lies outside the area that this system covers");
        }
    }

    @Test
    void aCodeOutsideTheRegisterIsKeptAndRefusedOnlyWhenItsMeaningIsNeeded() {
        GeoKeys keys = new GeoKeys(List.of(1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 12345), List.of(), "");
        Crs crs = Crs.ofGeoKeys(keys);
        assertThat(crs.name()).isEqualTo("EPSG:12345");
        assertThat(crs.metresPerUnit()).isEqualTo(1);
        assertThat(crs.geoKeys()).isEqualTo(keys);
        assertThatThrownBy(crs::toWgs84)
                .isInstanceOf(CrsException.class)
                .hasMessageStartingWith("EPSG:12345: is not in");
    }

    @Test
    void aUserDefinedSystemHasTheNameAndUnitOfItsKeys() {
        Crs crs = new Keys()
                .code(1024, 1)
                .text(1026, "PCS Name = Site grid|")
                .code(2048, 4326)
                .code(3072, 32767)
                .code(3076, 9003)
                .crs();
        assertThat(crs.epsg())
                .as("that of the geographic base is not that of the grid")
                .isEmpty();
        assertThat(crs.name()).isEqualTo("Site grid");
        assertThat(crs.isGeographic()).isFalse();
        assertThat(crs.metresPerUnit()).isEqualTo(1200 / 3937.0);
    }

    @Test
    void equalityLooksThroughCitationsOrderAndLastDigits() {
        Crs one = site(500000, "Site A").code(3092, 0.9996).code(1025, 1).crs();
        Crs same = new Keys()
                .code(1025, 2)
                .code(1024, 1)
                .text(1026, "somewhat else")
                .code(3092, 0.9996)
                .code(2048, 4326)
                .code(3082, 500000 + 1e-9)
                .code(3072, 32767)
                .code(3075, 1)
                .crs();
        Crs other = site(600000, "Site A").code(3092, 0.9996).crs();
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(one).isNotEqualTo(other);
        assertThat(Crs.ofEpsg(32619)).isNotEqualTo(Crs.ofEpsg(32620)).isNotEqualTo(one);
        assertThat(Crs.ofGeoKeys(new GeoKeys(List.of(1, 1, 0, 1, 3072, 0, 1, 32619), List.of(), "")))
                .isEqualTo(Crs.ofEpsg(32619));
    }

    @Test
    void damagedKeysArePassedOver() {
        GeoKeys damaged = new GeoKeys(
                List.of(1, 1, 0, 99, 1024, 0, 1, 2, 2048, 0, 1, 4326, 2057, 34736, 3, 7, 2049, 34737, 9, 50, 3072, 0),
                List.of(1.0),
                "x");
        assertThat(Crs.ofGeoKeys(damaged)).isEqualTo(Crs.ofEpsg(4326));
        for (List<Integer> directory : List.of(List.<Integer>of(), List.of(1, 1), List.of(1, 1, 0, 1, 1025, 0, 1, 1))) {
            GeoKeys empty = new GeoKeys(directory, List.of(), "");
            assertThat(Crs.ifDescribed(empty)).isEmpty();
            assertThatThrownBy(() -> Crs.ofGeoKeys(empty).toWgs84())
                    .isInstanceOf(CrsException.class)
                    .hasMessageContaining("the file names no projection");
        }
        assertThat(Crs.ifDescribed(damaged)).isPresent();
    }

    @Test
    void aProjectionOutOfReachIsRefusedByName() {
        Crs crs = site(0, "Moon cake").code(3075, 4).crs();
        assertThatThrownBy(crs::toWgs84)
                .isInstanceOf(CrsException.class)
                .hasMessageStartingWith("Moon cake: its projection (GeoTIFF method 4) is not supported");
    }

    @Test
    void aSinusoidalProjectionOfTheEllipsoidIsRefused() {
        assertThatThrownBy(site(0, "Sinus").code(3075, 24).crs()::toWgs84)
                .isInstanceOf(CrsException.class)
                .hasMessageStartingWith("Sinus: a sinusoidal projection is supported on a sphere only");
    }

    @Test
    void gradsBecomeDegrees() throws CrsException {
        Crs paris = new Keys().code(1024, 2).code(2048, 4807).code(2054, 9105).crs();
        double[] point = paris.toWgs84().apply(0, 54);
        assertThat(point[0]).isCloseTo(2.337229, within(0.001));
        assertThat(point[1]).isCloseTo(48.6, within(0.001));
    }

    private static Keys site(double falseEasting, String name) {
        return new Keys()
                .code(1024, 1)
                .text(1026, name)
                .code(2048, 4326)
                .code(3072, 32767)
                .code(3075, 1)
                .code(3082, falseEasting);
    }

    /// GeoKeys put together one by one; a key given twice takes its last value.
    static final class Keys {
        private final List<Integer> directory = new ArrayList<>();
        private final List<Double> doubles = new ArrayList<>();
        private String ascii = "";

        Keys code(int key, int code) {
            directory.addAll(List.of(key, 0, 1, code));
            return this;
        }

        Keys code(int key, double number) {
            directory.addAll(List.of(key, 34736, 1, doubles.size()));
            doubles.add(number);
            return this;
        }

        Keys text(int key, String text) {
            directory.addAll(List.of(key, 34737, text.length() + 1, ascii.length()));
            ascii += text + "|";
            return this;
        }

        Crs crs() {
            List<Integer> whole = new ArrayList<>(List.of(1, 1, 0, directory.size() / 4));
            whole.addAll(directory);
            return Crs.ofGeoKeys(new GeoKeys(whole, doubles, ascii));
        }
    }
}
