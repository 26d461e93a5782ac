package org.terrachange.search.archive;

import java.io.IOException;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.geojson.GeoJsonReader;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.Window;
import org.terrachange.search.index.ChangeRecord;

/// The pixels behind a record of the archive.
///
/// @param window that they show
/// @param before 8-bit RGB, planar
/// @param after the same
/// @param outlines of what the detector marked, in pixels of the window
public record HitPixels(Window window, byte[] before, byte[] after, Geometry outlines) {

    /// Reads them from the images that the record names.
    ///
    /// @throws IOException if an image is gone or no longer has the window
    public static HitPixels read(ChangeRecord change) throws IOException {
        // Remarks about the resolution were made when the pair was indexed; none is wanted here.
        try (ScenePair pair = ArchiveImages.open(change.before(), change.after(), GsdRange.ANY)) {
            return read(change, pair);
        }
    }

    /// [#read(ChangeRecord)] where the images are open already, as [ArchiveImages#open] opens them: bringing two
    /// images together takes longer than reading a window.
    ///
    /// @param pair the images that the record names
    /// @throws RasterException if they no longer have the window
    public static HitPixels read(ChangeRecord change, ScenePair pair) throws IOException {
        Window window = change.window();
        if (!pair.grid().window().contains(window)) {
            throw new RasterException(
                    pair.afterLocation(),
                    "no longer has the window " + window + " of the index; bring that up to date with terrachange"
                            + " retrieval index");
        }
        ScenePair.Patch patch = pair.read(window, window.width(), window.height());
        Geometry outlines = outlines(change.polygons());
        Geometry placed = SceneGround.of(pair.grid())
                .map(ground -> ground.inWindow(window, outlines))
                .orElseGet(() -> AffineTransformation.translationInstance(-window.x(), -window.y())
                        .transform(outlines));
        return new HitPixels(window, patch.before(), patch.after(), placed);
    }

    private static Geometry outlines(Optional<String> geoJson) throws IOException {
        if (geoJson.isEmpty()) {
            return new GeometryFactory().createGeometryCollection();
        }
        try {
            return new GeoJsonReader().read(geoJson.get());
        } catch (ParseException e) {
            throw new IOException("the index holds an outline that cannot be read; build it again", e);
        }
    }
}
