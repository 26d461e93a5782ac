package org.terrachange.search.archive;

import java.io.IOException;
import java.util.Optional;
import org.terrachange.data.retrieval.SampleAddress;
import org.terrachange.detect.model.GsdRange;
import org.terrachange.detect.scene.GsdPolicy;
import org.terrachange.detect.scene.ScenePair;
import org.terrachange.detect.scene.SceneRequest;
import org.terrachange.raster.RasterSource;
import org.terrachange.raster.Rasters;

/// Opens the images that an archive names: files, URLs, names of GDAL data sets, and [SampleAddress]es.
public final class ArchiveImages {
    private ArchiveImages() {}

    /// Both dates on their common grid, at their own resolution, so that a window means the same pixels every
    /// time.
    ///
    /// @param range pixel sizes that the detector was trained for, for remarks
    public static ScenePair open(String before, String after, GsdRange range) throws IOException {
        SceneRequest request = SceneRequest.of(before, after).withGsd(GsdPolicy.NATIVE);
        RasterSource earlier = image(before);
        RasterSource later;
        try {
            later = image(after);
        } catch (IOException | RuntimeException e) {
            earlier.close();
            throw e;
        }
        return ScenePair.between(earlier, later, request, range);
    }

    /// One image, by the name that an archive has for it.
    public static RasterSource image(String name) throws IOException {
        Optional<SampleAddress> sample = SampleAddress.parse(name);
        return sample.isPresent() ? sample.get().open() : Rasters.open(name);
    }
}
