package org.terrachange.server.tiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.rgb.Stretch;

/// The files behind the layers of one result.
///
/// @param before image of the earlier date
/// @param after image of the later date
/// @param probability the `uint8` probability raster that a detection left behind; its grid is that of the scene
/// @param truth mask of what really changed, where it is known: on the ground of the scene, of whatever pixel size, or
///     of its pixels where it says no place
/// @param stretch how the detection turned samples of more than 8 bits into brightness; found anew where absent
public record SceneFiles(Image before, Image after, Path probability, Optional<Path> truth, Optional<Stretch> stretch) {

    /// An image that can be opened.
    @FunctionalInterface
    public interface Image {
        /// @throws org.terrachange.raster.RasterException if it is gone or damaged
        RasterSource open() throws IOException;
    }

    /// Finds the files of a result when they are needed.
    @FunctionalInterface
    public interface Finder {
        SceneFiles find() throws IOException;
    }
}
