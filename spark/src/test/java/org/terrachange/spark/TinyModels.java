package org.terrachange.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.terrachange.detect.model.Calibration;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.detect.model.ModelWeights;
import org.terrachange.nn.change.ChangeStrategy;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.layer.TrainableConvs;
import org.terrachange.nn.model.ChangeLayout;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.tensor.ImageNormalization;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.text.ClipTokenizer;
import org.terrachange.nn.transformer.TrainableLayers;
import org.terrachange.search.model.SearchArchitecture;
import org.terrachange.search.model.SearchCard;
import org.terrachange.search.model.SearchModel;
import org.terrachange.search.model.SearchNetwork;
import org.terrachange.search.model.Vocabulary;

/// Untrained models: their answers mean nothing, but depend on their input.
final class TinyModels {
    private TinyModels() {}

    static Path detector(Path file) throws IOException {
        try (Parameters parameters = new Parameters()) {
            ChangeLayout.TERRACHANGE_LITE.build(new TrainableConvs(parameters));
            parameters.allocate(11);
            ModelWeights.write(
                    file,
                    parameters,
                    new ModelCard(
                            "tiny",
                            ChangeLayout.TERRACHANGE_LITE,
                            ImageNormalization.IMAGENET,
                            0.5,
                            Calibration.NONE,
                            0.4,
                            1.2,
                            "none",
                            "test",
                            Map.of("val.f1", "0.1")));
        }
        return file;
    }

    static Path search(Path file) throws IOException {
        SearchArchitecture architecture = new SearchArchitecture.ResNetClip(
                ResNet.Depth.RESNET18,
                1,
                32,
                4,
                16,
                new ClipConfiguration.Text(77, ClipTokenizer.VOCABULARY, 16, 1, 1));
        try (Parameters parameters = new Parameters()) {
            new SearchNetwork(architecture, ChangeStrategy.CONCAT, new TrainableLayers(parameters));
            parameters.allocate(7);
            SearchModel.write(
                    file,
                    parameters,
                    new SearchCard(
                            "tiny",
                            architecture,
                            ChangeStrategy.CONCAT,
                            ImageNormalization.IMAGENET,
                            OptionalDouble.empty(),
                            "none",
                            "free",
                            Optional.of(Vocabulary.of(List.of("many houses appear"))),
                            Map.of()));
        }
        return file;
    }
}
