package org.terrachange.raster.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;

class DateLineTest {
    private static final GeometryFactory FACTORY = new GeometryFactory();

    private static Geometry box(double west, double east) {
        return FACTORY.toGeometry(new Envelope(west, east, 10, 12));
    }

    /// Two parts, cut at 180 degrees, whose middle lies in the larger one.
    @ParameterizedTest
    @CsvSource({"179, -179.8, 179.6", "179.8, -179, -179.6"})
    void theCentreOfACutShapeLiesInIt(double west, double east, double expected) {
        for (Geometry shape : new Geometry[] {
            FACTORY.buildGeometry(List.of(box(west, 180), box(-180, east))),
            FACTORY.buildGeometry(List.of(box(-180, east), box(west, 180)))
        }) {
            Coordinate centre = DateLine.centre(shape);

            assertThat(centre.x).isCloseTo(expected, within(1e-9));
            assertThat(centre.y).isCloseTo(11, within(1e-9));
        }
    }

    @Test
    void aWholeShapeKeepsItsCentroid() {
        assertThat(DateLine.centre(box(20, 21)).x).isEqualTo(20.5);
        assertThat(DateLine.centre(box(-180, 180)).x).isEqualTo(0);
    }

    @Test
    void partsInPartsComeNearTheMeridian() {
        Geometry cut = FACTORY.buildGeometry(List.of(box(179.75, 180), box(-180, -179.75)));
        Geometry all =
                FACTORY.createGeometryCollection(new Geometry[] {cut, box(-179.5, -179.25), box(179.5, 179.625)});

        assertThat(DateLine.near(all, 179.95).getEnvelopeInternal()).isEqualTo(new Envelope(179.5, 180.75, 10, 12));
        assertThat(DateLine.near(all, -179.95).getEnvelopeInternal()).isEqualTo(new Envelope(-180.5, -179.25, 10, 12));
        assertThat(DateLine.near(FACTORY.createGeometryCollection(), 5).isEmpty())
                .isTrue();
    }
}
