package org.terrachange.hub;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.digest.Fingerprint;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.hub.download.Origin;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A registry as it is written in JSON: `{"models": [...]}`, each with
///
/// | key | value |
/// |---|---|
/// | `name` | how people ask for it |
/// | `bundled` | its file in the folder `models`; or else |
/// | `file`, `urls` | its file's name, and the addresses to fetch it from |
/// | `bytes`, or `aboutBytes` | its length, where known, to the byte or rounded |
/// | `sha256`, or `sha256Prefix` | its SHA-256, where known, or the first digits of it |
/// | `task` | a label of [ModelTask] |
/// | `layout`, `normalization`, `licence`, `description` | text |
record RegistryFile(List<Item> models) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /// @throws IllegalArgumentException saying what is wrong with it
    static List<ModelEntry> parse(byte[] json) {
        RegistryFile file;
        try {
            file = MAPPER.readValue(json, RegistryFile.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("is no registry of models: " + e.getOriginalMessage(), e);
        }
        if (file.models == null) {
            throw new IllegalArgumentException("is no registry of models: it has no list \"models\"");
        }
        return file.models.stream().map(Item::entry).toList();
    }

    record Item(
            @Nullable String name,
            @Nullable String bundled,
            @Nullable String file,
            @Nullable List<String> urls,
            @Nullable Long bytes,
            @Nullable Long aboutBytes,
            @Nullable String sha256,
            @Nullable String sha256Prefix,
            @Nullable String task,
            @Nullable String layout,
            @Nullable String normalization,
            @Nullable String licence,
            @Nullable String description) {

        ModelEntry entry() {
            String known = required("name", name);
            try {
                return new ModelEntry(
                        known,
                        source(),
                        size(),
                        fingerprint(),
                        ModelTask.parse(required("task", task)),
                        required("layout", layout),
                        required("normalization", normalization),
                        required("licence", licence),
                        required("description", description));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(known + ": " + e.getMessage(), e);
            }
        }

        private WeightSource source() {
            if (bundled != null) {
                return new WeightSource.Bundled(bundled);
            }
            List<Origin.Web> origins = required("urls", urls).stream()
                    .map(url -> new Origin.Web(URI.create(url)))
                    .toList();
            return new WeightSource.Downloaded(required("file", file), origins);
        }

        private FileSize size() {
            if (bytes != null) {
                return new FileSize.Exact(bytes);
            }
            return aboutBytes == null ? new FileSize.Unknown() : new FileSize.About(aboutBytes);
        }

        private Fingerprint fingerprint() {
            if (sha256 != null) {
                return new Fingerprint.Exact(new Sha256(sha256));
            }
            return sha256Prefix == null ? new Fingerprint.Unknown() : new Fingerprint.Prefix(sha256Prefix);
        }

        private <T> T required(String key, @Nullable T value) {
            if (value == null) {
                throw new IllegalArgumentException("\"" + key + "\" is missing");
            }
            return value;
        }
    }
}
