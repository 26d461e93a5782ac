package org.terrachange.nn.clip;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.terrachange.nn.checkpoint.CheckpointException;
import org.terrachange.nn.transformer.Activation;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The sizes of a CLIP model. Written as open_clip writes its `model_configs`:
///
/// ```
/// {"embed_dim": 512, "quick_gelu": true,
///  "vision_cfg": {"image_size": 224, "layers": 12, "width": 768, "patch_size": 32},
///  "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 512, "heads": 8, "layers": 12}}
/// ```
///
/// A list as `layers` of `vision_cfg` means CLIP's modified ResNet. Settings of open_clip that this program
/// does not have are refused by name.
///
/// @param name what messages call it, such as `ViT-B-32`
/// @param embedDim width of the space that images and texts share
/// @param vision sizes of the image tower
/// @param text sizes of the text tower
/// @param activation of the blocks of both transformers
public record ClipConfiguration(String name, int embedDim, Vision vision, Text text, Activation activation) {

    /// The names of [#named], apart from those given by files.
    public static final List<String> NAMES = List.of(
            "ViT-B-32", "ViT-B-32-quickgelu", "ViT-L-14", "ViT-L-14-quickgelu", "RN50", "RN50-quickgelu", "ViT-XS-16");

    private static final int HEAD_WIDTH = 64;
    private static final int LARGEST_WIDTH = 1 << 14;
    private static final int LARGEST_VOCABULARY = 1 << 24;
    private static final int MOST_LAYERS = 256;

    public ClipConfiguration {
        requireSize(name, "embed_dim", embedDim, LARGEST_WIDTH);
    }

    /// Sizes of an image tower.
    public sealed interface Vision {
        /// Width and height of the images, in pixels.
        int imageSize();
    }

    /// A vision transformer (Dosovitskiy et al. 2021).
    ///
    /// @param patchSize width and height of a patch in pixels; divides `imageSize`
    /// @param width of the tokens, a multiple of `heads`
    /// @param layers blocks
    public record PatchTransformer(int imageSize, int patchSize, int width, int layers, int heads) implements Vision {
        public PatchTransformer {
            requireSize("vision_cfg", "image_size", imageSize, LARGEST_WIDTH);
            requireSize("vision_cfg", "patch_size", patchSize, imageSize);
            requireSize("vision_cfg", "width", width, LARGEST_WIDTH);
            requireSize("vision_cfg", "layers", layers, MOST_LAYERS);
            requireHeads("vision_cfg", width, heads);
            if (imageSize % patchSize != 0) {
                throw new IllegalArgumentException("vision_cfg: patches of " + patchSize
                        + " pixels do not divide images of " + imageSize + " pixels");
            }
        }

        /// Patches along one side of an image.
        public int grid() {
            return imageSize / patchSize;
        }
    }

    /// CLIP's modified ResNet: a stem of three convolutions, strides by average pooling, attention pooling at
    /// the end.
    ///
    /// @param imageSize a multiple of 32
    /// @param blocks of each of the four stages
    /// @param width channels of the stem's end; the last stage has 32 times as many
    public record ModifiedResNet(int imageSize, List<Integer> blocks, int width) implements Vision {
        public ModifiedResNet {
            blocks = List.copyOf(blocks);
            requireSize("vision_cfg", "image_size", imageSize, LARGEST_WIDTH);
            requireSize("vision_cfg", "width", width, LARGEST_WIDTH / 32);
            if (blocks.size() != 4 || blocks.stream().anyMatch(b -> b < 1 || b > MOST_LAYERS)) {
                throw new IllegalArgumentException(
                        "vision_cfg: a ResNet has four stages of 1 to " + MOST_LAYERS + " blocks, got " + blocks);
            }
            if (imageSize % 32 != 0) {
                throw new IllegalArgumentException(
                        "vision_cfg: the image size of a ResNet is a multiple of 32, got " + imageSize);
            }
            requireHeads("vision_cfg", 32 * width, heads(width));
        }

        /// Channels of the last stage.
        public int features() {
            return 32 * width;
        }

        /// Heads of the attention pooling.
        public int heads() {
            return heads(width);
        }

        private static int heads(int width) {
            return Math.max(1, 32 * width / HEAD_WIDTH);
        }

        /// Cells along one side of the last stage.
        public int grid() {
            return imageSize / 32;
        }
    }

    /// Sizes of a text transformer.
    ///
    /// @param context most tokens of a text, start and end included
    /// @param vocabulary number of token ids; the highest is the end token
    /// @param width of the tokens, a multiple of `heads`
    /// @param layers blocks
    public record Text(int context, int vocabulary, int width, int heads, int layers) {
        public Text {
            requireSize("text_cfg", "context_length", context, LARGEST_WIDTH);
            requireSize("text_cfg", "vocab_size", vocabulary, LARGEST_VOCABULARY);
            requireSize("text_cfg", "width", width, LARGEST_WIDTH);
            requireSize("text_cfg", "layers", layers, MOST_LAYERS);
            requireHeads("text_cfg", width, heads);
            if (context < 2) {
                throw new IllegalArgumentException(
                        "text_cfg: context_length must hold a start and an end token, got " + context);
            }
        }
    }

    private static void requireSize(String where, String what, int value, int largest) {
        if (value < 1 || value > largest) {
            throw new IllegalArgumentException(
                    where + ": " + what + " must be between 1 and " + largest + ", got " + value);
        }
    }

    private static void requireHeads(String where, int width, int heads) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    where + ": " + heads + " heads do not share a width of " + width + " equally");
        }
    }

    /// The built-in configuration of this name.
    ///
    /// @throws IllegalArgumentException for an unknown one
    public static ClipConfiguration named(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "unknown CLIP configuration \"" + name + "\": choose one of " + String.join(", ", NAMES));
        }
        try (InputStream json = ClipConfiguration.class.getResourceAsStream(name + ".json")) {
            if (json == null) {
                throw new IllegalStateException("the program lacks its resource " + name + ".json");
            }
            return parse(name, new String(json.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a configuration file, one of open_clip's `model_configs` or an `open_clip_config.json`.
    ///
    /// @throws CheckpointException where it is no configuration that this program has
    /// @throws IOException where it cannot be read
    public static ClipConfiguration read(Path file) throws IOException {
        String json = Files.readString(file);
        String fileName = String.valueOf(file.getFileName());
        try {
            return parse(fileName.replaceFirst("\\.json$", ""), json);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /// A configuration from its JSON text.
    ///
    /// @param name that it gets
    /// @throws IllegalArgumentException saying what is wrong with the text
    public static ClipConfiguration parse(String name, String json) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is not a JSON text: " + e.getOriginalMessage(), e);
        }
        JsonNode model = root.has("model_cfg") ? root.get("model_cfg") : root;
        JsonNode vision = section(model, "vision_cfg");
        JsonNode text = section(model, "text_cfg");
        requireKnown(model, "the configuration", Set.of("embed_dim", "quick_gelu", "vision_cfg", "text_cfg"));
        requireKnown(vision, "vision_cfg", Set.of("image_size", "layers", "width", "patch_size", "head_width"));
        requireKnown(text, "text_cfg", Set.of("context_length", "vocab_size", "width", "heads", "layers"));
        boolean quick = model.path("quick_gelu").asBoolean(false);
        return new ClipConfiguration(
                name,
                number(model, "embed_dim", "the configuration"),
                vision(vision),
                new Text(
                        number(text, "context_length", "text_cfg"),
                        number(text, "vocab_size", "text_cfg"),
                        number(text, "width", "text_cfg"),
                        number(text, "heads", "text_cfg"),
                        number(text, "layers", "text_cfg")),
                quick ? Activation.QUICK_GELU : Activation.GELU);
    }

    private static Vision vision(JsonNode vision) {
        String where = "vision_cfg";
        int imageSize = number(vision, "image_size", where);
        int width = number(vision, "width", where);
        if (vision.path("layers").isArray()) {
            List<Integer> blocks = new ArrayList<>();
            vision.get("layers").forEach(stage -> blocks.add(stage.asInt(0)));
            return new ModifiedResNet(imageSize, blocks, width);
        }
        int headWidth = vision.has("head_width") ? number(vision, "head_width", where) : HEAD_WIDTH;
        if (headWidth < 1 || width % headWidth != 0) {
            throw new IllegalArgumentException(
                    "vision_cfg: heads of width " + headWidth + " do not divide a width of " + width);
        }
        return new PatchTransformer(
                imageSize,
                number(vision, "patch_size", where),
                width,
                number(vision, "layers", where),
                width / headWidth);
    }

    private static JsonNode section(JsonNode model, String key) {
        JsonNode section = model.path(key);
        if (!section.isObject()) {
            throw new IllegalArgumentException("lacks the section " + key + " of a CLIP configuration");
        }
        return section;
    }

    private static int number(JsonNode section, String key, String where) {
        JsonNode value = section.path(key);
        if (!value.canConvertToInt()) {
            throw new IllegalArgumentException(where + " lacks the whole number " + key);
        }
        return value.asInt();
    }

    private static void requireKnown(JsonNode section, String where, Set<String> known) {
        for (String key : section.propertyNames()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(
                        where + " has the setting " + key + ", which this program does not have");
            }
        }
    }

    /// The text that [#parse] reads back to an equal configuration.
    public String toJson() {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("embed_dim", embedDim);
        root.put("quick_gelu", activation == Activation.QUICK_GELU);
        ObjectNode visionCfg = root.putObject("vision_cfg");
        visionCfg.put("image_size", vision.imageSize());
        switch (vision) {
            case PatchTransformer v -> {
                visionCfg.put("layers", v.layers());
                visionCfg.put("width", v.width());
                visionCfg.put("patch_size", v.patchSize());
                visionCfg.put("head_width", v.width() / v.heads());
            }
            case ModifiedResNet v -> {
                var layers = visionCfg.putArray("layers");
                v.blocks().forEach(layers::add);
                visionCfg.put("width", v.width());
            }
        }
        ObjectNode textCfg = root.putObject("text_cfg");
        textCfg.put("context_length", text.context());
        textCfg.put("vocab_size", text.vocabulary());
        textCfg.put("width", text.width());
        textCfg.put("heads", text.heads());
        textCfg.put("layers", text.layers());
        return root.toString();
    }

    /// The same sizes with another activation.
    public ClipConfiguration with(Activation other) {
        return new ClipConfiguration(name, embedDim, vision, text, other);
    }
}
