package org.terrachange.server.storage;

import java.io.IOException;
import java.util.Optional;
import org.terrachange.raster.RasterException;
import org.terrachange.raster.RasterSource;
import org.terrachange.server.web.Refusal;

/// Every image that a request can name, whatever it is kept in.
///
/// @param uploads what was uploaded
/// @param served the served folder, if there is one
/// @param samples the sample scenes
/// @param mostPixels width times height of the largest image that is taken
public record ImageStore(Uploads uploads, Optional<ServedFolder> served, SampleScenes samples, long mostPixels) {

    /// The image that a request names.
    ///
    /// @throws Refusal with 422 if there is no such image
    public StoredImage get(ImageRef ref) throws IOException {
        Optional<StoredImage> image = switch (ref) {
            case ImageRef.Upload upload -> uploads.find(upload.id());
            case ImageRef.Data data -> served.isPresent() ? served.get().find(data) : Optional.empty();
            case ImageRef.Sample sample -> samples.find(sample);
        };
        return image.orElseThrow(() -> Refusal.unprocessable("there is no image " + Refusal.quoted(ref.toString())));
    }

    /// Opens an image; the caller closes it.
    ///
    /// @throws RasterException if it is damaged; the message names it as its owner does
    public RasterSource open(ImageRef ref) throws IOException {
        return get(ref).open(mostPixels);
    }
}
