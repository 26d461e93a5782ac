package org.terrachange.search.model;

import java.util.Map;
import org.terrachange.nn.clip.ClipConfiguration;
import org.terrachange.nn.clip.ClipModel;
import org.terrachange.nn.clip.ImageTower;
import org.terrachange.nn.clip.ResNetTower;
import org.terrachange.nn.clip.TextTransformer;
import org.terrachange.nn.model.ResNet;
import org.terrachange.nn.transformer.Activation;
import org.terrachange.nn.transformer.Layers;

/// The shapes of the towers of a search model.
public sealed interface SearchArchitecture {

    /// Width and height of the images that the image tower takes, in pixels.
    int imageSize();

    /// Width of the space that changes and texts share.
    int embedDim();

    /// What of it decides, beside weights, what the trunk of the image tower says of an image: equal texts for
    /// equal trunks, whatever projection, text tower and name they have.
    String trunk();

    /// Puts the image tower together.
    ImageTower imageTower(Layers layers);

    /// Puts the text tower together.
    TextTransformer textTower(Layers layers);

    /// What [#of] reads back.
    Map<String, String> toMetadata();

    /// Both towers as in CLIP.
    ///
    /// @param configuration with a joint space of a multiple of 4
    record Clip(ClipConfiguration configuration) implements SearchArchitecture {
        public Clip {
            requireEmbedDim(configuration.embedDim());
        }

        @Override
        public int imageSize() {
            return configuration.vision().imageSize();
        }

        @Override
        public int embedDim() {
            return configuration.embedDim();
        }

        @Override
        public String trunk() {
            return configuration.vision() + " " + configuration.activation();
        }

        @Override
        public ImageTower imageTower(Layers layers) {
            return ClipModel.imageTower(configuration, layers);
        }

        @Override
        public TextTransformer textTower(Layers layers) {
            return new TextTransformer(configuration.text(), embedDim(), configuration.activation(), layers);
        }

        @Override
        public Map<String, String> toMetadata() {
            return Map.of("architecture", "clip", "clip.name", configuration.name(), "clip", configuration.toJson());
        }
    }

    /// A ResNet as it comes from SimCLR or from a change detector, beside a text tower of CLIP's kind.
    ///
    /// @param depth of the encoder
    /// @param stages of it that are used, 1 to 4
    /// @param imageSize a multiple of 32
    /// @param grid rows and columns of cells that the change encoder sees, at least 1
    /// @param embedDim a multiple of 4
    /// @param text sizes of the text tower
    record ResNetClip(
            ResNet.Depth depth, int stages, int imageSize, int grid, int embedDim, ClipConfiguration.Text text)
            implements SearchArchitecture {
        public ResNetClip {
            if (imageSize < 32 || imageSize % 32 != 0) {
                throw new IllegalArgumentException("the image size must be a multiple of 32, got " + imageSize);
            }
            if (stages < 1 || stages > 4) {
                throw new IllegalArgumentException("an encoder has 1 to 4 stages to use, got " + stages);
            }
            if (grid < 1) {
                throw new IllegalArgumentException(
                        "the grid that the change encoder sees has at least one cell, got " + grid);
            }
            requireEmbedDim(embedDim);
        }

        @Override
        public String trunk() {
            return depth.label() + ", " + stages + " stages, images of " + imageSize + ", grid of " + grid;
        }

        @Override
        public ImageTower imageTower(Layers layers) {
            return new ResNetTower(depth, stages, grid, embedDim, layers);
        }

        @Override
        public TextTransformer textTower(Layers layers) {
            return new TextTransformer(text, embedDim, Activation.GELU, layers);
        }

        @Override
        public Map<String, String> toMetadata() {
            return Map.ofEntries(
                    Map.entry("architecture", "resnet"),
                    Map.entry("encoder", depth.label()),
                    Map.entry("stages", Integer.toString(stages)),
                    Map.entry("image_size", Integer.toString(imageSize)),
                    Map.entry("grid", Integer.toString(grid)),
                    Map.entry("embed_dim", Integer.toString(embedDim)),
                    Map.entry("text.context", Integer.toString(text.context())),
                    Map.entry("text.vocabulary", Integer.toString(text.vocabulary())),
                    Map.entry("text.width", Integer.toString(text.width())),
                    Map.entry("text.heads", Integer.toString(text.heads())),
                    Map.entry("text.layers", Integer.toString(text.layers())));
        }
    }

    /// The architecture that metadata describe.
    ///
    /// @throws IllegalArgumentException naming what is missing or impossible
    static SearchArchitecture of(Map<String, String> metadata) {
        return switch (text(metadata, "architecture")) {
            case "clip" ->
                new Clip(
                        ClipConfiguration.parse(metadata.getOrDefault("clip.name", "unnamed"), text(metadata, "clip")));
            case "resnet" ->
                new ResNetClip(
                        ResNet.Depth.parse(text(metadata, "encoder")),
                        number(metadata, "stages"),
                        number(metadata, "image_size"),
                        number(metadata, "grid"),
                        number(metadata, "embed_dim"),
                        new ClipConfiguration.Text(
                                number(metadata, "text.context"),
                                number(metadata, "text.vocabulary"),
                                number(metadata, "text.width"),
                                number(metadata, "text.heads"),
                                number(metadata, "text.layers")));
            case String other -> throw new IllegalArgumentException("its architecture \"" + other + "\" is unknown");
        };
    }

    private static void requireEmbedDim(int embedDim) {
        if (embedDim < 4 || embedDim % 4 != 0) {
            throw new IllegalArgumentException("the width of the joint space must be a multiple of 4, got " + embedDim);
        }
    }

    private static String text(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("its metadata has no \"" + key + "\"");
        }
        return value;
    }

    private static int number(Map<String, String> metadata, String key) {
        try {
            return Integer.parseInt(text(metadata, key));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its \"" + key + "\" is no number: " + metadata.get(key), e);
        }
    }
}
