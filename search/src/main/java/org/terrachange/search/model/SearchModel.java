package org.terrachange.search.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.checkpoint.Checkpoints;
import org.terrachange.nn.checkpoint.HostTensor;
import org.terrachange.nn.checkpoint.Matching;
import org.terrachange.nn.checkpoint.SafetensorsFile;
import org.terrachange.nn.checkpoint.StateDict;
import org.terrachange.nn.clip.ClipPreprocessing;
import org.terrachange.nn.tensor.ComputeMode;
import org.terrachange.nn.tensor.HostCopies;
import org.terrachange.nn.tensor.Parameter;
import org.terrachange.nn.tensor.Parameters;
import org.terrachange.nn.transformer.PreparedLayers;
import org.terrachange.nn.transformer.TrainableLayers;

/// A trained search model, ready for use. Safe for use by several threads at once, since a pass changes nothing that
/// others see.
public final class SearchModel implements PairEmbedder, AutoCloseable {
    private final SearchCard card;
    private final ComputeMode mode;
    private final PreparedLayers weights;
    private final NetworkEmbedder embedder;

    private SearchModel(SearchCard card, ComputeMode mode, PreparedLayers weights) {
        this.card = card;
        this.mode = mode;
        this.weights = weights;
        embedder = new NetworkEmbedder(
                new SearchNetwork(card.architecture(), card.strategy(), weights),
                new ClipPreprocessing(card.architecture().imageSize(), card.normalization()),
                mode);
    }

    /// Loads a model as `retrieval train` writes it.
    ///
    /// @throws CheckpointException if the file is damaged or holds something else; the message says what does
    ///     not fit
    public static SearchModel load(Path file, ComputeMode mode) throws IOException {
        try (StateDict stored = Checkpoints.open(file)) {
            SearchCard card = SearchCard.of(file.toString(), stored.metadata());
            Matching.compare(shapes(card), stored).requireAllExpected();
            PreparedLayers layers = new PreparedLayers(
                    name -> HostCopies.toTensor(
                            Objects.requireNonNull(stored.tensors().get(name), "matched above")),
                    mode);
            return new SearchModel(card, mode, layers);
        }
    }

    private static Map<String, List<Long>> shapes(SearchCard card) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        try (Parameters parameters = new Parameters()) {
            new SearchNetwork(card.architecture(), card.strategy(), new TrainableLayers(parameters));
            for (Parameter parameter : parameters.all()) {
                shapes.put(parameter.name(), parameter.shape());
            }
        }
        return shapes;
    }

    /// Stores the parameters of a model with its card, float32.
    public static void write(Path file, Parameters parameters, SearchCard card) throws IOException {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        for (Parameter parameter : parameters.all()) {
            tensors.put(parameter.name(), HostCopies.toHost(parameter.tensor()));
        }
        SafetensorsFile.write(file, StateDict.of(tensors, card.toMetadata()));
    }

    public SearchCard card() {
        return card;
    }

    public ComputeMode mode() {
        return mode;
    }

    @Override
    public List<float[]> changes(byte[] before, byte[] after, int count, int height, int width) {
        return embedder.changes(before, after, count, height, width);
    }

    @Override
    public List<float[]> texts(List<String> sentences) {
        return embedder.texts(sentences);
    }

    @Override
    public void close() {
        weights.close();
    }
}
