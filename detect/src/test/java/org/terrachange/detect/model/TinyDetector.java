package org.terrachange.detect.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;

/// An untrained detector for tests: its answers mean nothing, but depend on its input.
public final class TinyDetector {
    private TinyDetector() {}

    /// Writes random weights of the layout `terrachange-lite`.
    public static Path write(Path file) throws IOException {
        try (Parameters parameters = new Parameters()) {
            ChangeLayout.TERRACHANGE_LITE.build(new TrainableConvs(parameters));
            parameters.allocate(11);
            ModelWeights.write(file, parameters, card());
        }
        return file;
    }

    static ModelCard card() {
        return new ModelCard(
                "tiny",
                ChangeLayout.TERRACHANGE_LITE,
                ImageNormalization.IMAGENET,
                0.5,
                Calibration.NONE,
                0.4,
                1.2,
                "none",
                "test",
                Map.of("val.f1", "0.1"));
    }
}
