package org.terrachange.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The models that can be asked for by name, in the order in which they are listed to people: the first is the
/// default.
///
/// @param models no name twice
public record ModelRegistry(List<ModelEntry> models) {
    private static final String RESOURCE = "models.json";

    public ModelRegistry {
        models = List.copyOf(models);
        Set<String> names = new HashSet<>();
        for (ModelEntry model : models) {
            if (!names.add(model.name())) {
                throw new IllegalArgumentException("two models are named " + model.name());
            }
        }
    }

    /// The registry that comes with the program: the resource `models.json` beside this class.
    public static ModelRegistry bundled() {
        try (InputStream in = ModelRegistry.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was packaged without " + RESOURCE);
            }
            return new ModelRegistry(JsonMapper.shared().readValue(in, Document.class).models().stream()
                    .map(Item::entry)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The model of this name, if there is one.
    public Optional<ModelEntry> find(String name) {
        return models.stream().filter(model -> model.name().equals(name)).findFirst();
    }

    /// All names, for messages.
    String names() {
        return models.stream().map(ModelEntry::name).collect(Collectors.joining(", "));
    }

    /// The file as it is written.
    private record Document(List<Item> models) {}

    private record Item(
            String name,
            @Nullable String bundled,
            long bytes,
            String sha256,
            String layout,
            String licence,
            String description) {

        ModelEntry entry() {
            if (bundled == null) {
                throw new IllegalStateException(RESOURCE + " names no source for " + name);
            }
            return new ModelEntry(name, new WeightSource.Bundled(bundled), bytes, sha256, layout, licence, description);
        }
    }
}
