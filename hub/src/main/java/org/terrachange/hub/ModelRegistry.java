package org.terrachange.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The models that can be asked for by name, in the order in which they are listed to people: the first is the
/// default.
///
/// @param models no name and no file twice
public record ModelRegistry(List<ModelEntry> models) {
    private static final String RESOURCE = "models.json";

    public ModelRegistry {
        models = List.copyOf(models);
        Set<String> names = new HashSet<>();
        Set<String> files = new HashSet<>();
        for (ModelEntry model : models) {
            if (!names.add(model.name())) {
                throw new IllegalArgumentException("two models are named " + model.name());
            }
            if (!files.add(model.source().file())) {
                throw new IllegalArgumentException(
                        "two models have a file named " + model.source().file());
            }
        }
    }

    /// The registry that comes with the program: the resource `models.json` beside this class.
    public static ModelRegistry bundled() {
        try (InputStream in = ModelRegistry.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the program was packaged without " + RESOURCE);
            }
            return new ModelRegistry(RegistryFile.parse(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// This registry with the models of a file of the same form after its own.
    ///
    /// @throws HubException if the file is no such registry, or has a model of a name or file that is here already
    public ModelRegistry and(Path file) throws IOException {
        try {
            return new ModelRegistry(
                    Stream.concat(models.stream(), RegistryFile.parse(Files.readAllBytes(file)).stream())
                            .toList());
        } catch (IllegalArgumentException e) {
            throw new HubException(file.toString(), String.valueOf(e.getMessage()));
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
}
