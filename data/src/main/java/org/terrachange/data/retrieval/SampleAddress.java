package org.terrachange.data.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.terrachange.data.pairs.DatasetException;

/// Names one image in an HDF5 file of captioned pairs, as text that stands where a path to an image would:
/// `levir-cc_val.h5#12/before`.
///
/// @param file the HDF5 file
/// @param sample which pair, from 0
/// @param later whether the image is that of the later date
public record SampleAddress(Path file, int sample, boolean later) {
    private static final Pattern FORM = Pattern.compile("(.+\\.h5)#(\\d{1,9})/(before|after)");

    /// The address that a text is; empty where it is none, such as a path.
    public static Optional<SampleAddress> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new SampleAddress(
                        Path.of(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        form.group(3).equals("after")))
                : Optional.empty();
    }

    /// What [#parse] reads back.
    @Override
    public String toString() {
        return file + "#" + sample + "/" + (later ? "after" : "before");
    }

    /// The image of this address. The captions beside the file, which may be long, are not looked at.
    ///
    /// @throws DatasetException if the file is damaged or has no such pair
    public StoredImage open() throws IOException {
        try (PairImages images = PairImages.open(file)) {
            if (sample >= images.size()) {
                throw new DatasetException(file, "has " + images.size() + " pairs and none of the number " + sample);
            }
            return new StoredImage(toString(), later ? images.after(sample) : images.before(sample));
        }
    }
}
