package org.terrachange.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.terrachange.hub.cache.Pruned;
import org.terrachange.hub.cache.Pruning;
import org.terrachange.hub.digest.Fingerprint;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.hub.download.DownloadListener;
import org.terrachange.nn.checkpoint.Checkpoints;

/// Provides the files of models that people ask for by name or by path.
public final class ModelHub {
    /// A download that nobody has taken up again for so long will not be.
    private static final Duration PART_PATIENCE = Duration.ofDays(7);

    private final ModelRegistry registry;
    private final HubSettings settings;
    private final BundledModels bundled;
    private final DownloadedModels downloaded;

    /// @param registry the names
    /// @param bundled the folder of the models that come with the program, where there is one
    ModelHub(ModelRegistry registry, Optional<Path> bundled, HubSettings settings) {
        this.registry = registry;
        this.settings = settings;
        this.bundled = new BundledModels(bundled);
        this.downloaded =
                new DownloadedModels(settings, file -> Checkpoints.open(file).close());
    }

    private ModelHub(ModelHub hub, HubSettings settings) {
        this.registry = hub.registry;
        this.settings = settings;
        this.bundled = hub.bundled;
        this.downloaded =
                new DownloadedModels(settings, file -> Checkpoints.open(file).close());
    }

    /// The hub of the running program.
    ///
    /// @throws HubException if a variable of the environment that concerns it makes no sense
    public static ModelHub ofInstallation() throws IOException {
        HubSettings settings = HubSettings.of(System.getenv());
        ModelRegistry registry = ModelRegistry.bundled();
        return new ModelHub(
                settings.moreModels().isPresent()
                        ? registry.and(settings.moreModels().get())
                        : registry,
                Installation.models(),
                settings);
    }

    /// The same hub, which leaves the network alone.
    public ModelHub offline() {
        return new ModelHub(this, settings.withoutNetwork());
    }

    public ModelRegistry registry() {
        return registry;
    }

    /// The folder of downloaded models; it need not exist.
    public Path cache() {
        return downloaded.cache().root();
    }

    /// [#resolve(String, DownloadListener)] without telling how it goes.
    public Path resolve(String nameOrPath) throws IOException {
        return resolve(nameOrPath, DownloadListener.SILENT);
    }

    /// The checkpoint that a name or a path stands for. An existing file wins over a name; the file of a name
    /// is only handed out when it is intact, and fetched if it is not here.
    ///
    /// @throws HubException if there is neither such a file nor such a name, or if the file of the name is
    ///     missing, not the one that the registry means, or not here while downloads are switched off
    /// @throws DownloadException if it could not be fetched
    public Path resolve(String nameOrPath, DownloadListener listener) throws IOException {
        Optional<Path> file = existingFile(nameOrPath);
        return file.isPresent() ? file.get() : obtain(named(nameOrPath), listener);
    }

    /// The model of this name.
    ///
    /// @throws HubException if there is none; the message lists those there are
    public ModelEntry named(String name) throws HubException {
        return registry.find(name).orElseThrow(() -> unknown(name));
    }

    /// The intact file of a model, fetched if it is not here; [as][#resolve(String, DownloadListener)] for names.
    public Path obtain(ModelEntry entry, DownloadListener listener) throws IOException {
        return switch (entry.source()) {
            case WeightSource.Bundled _ -> bundled.obtain(entry);
            case WeightSource.Downloaded source -> downloaded.obtain(entry, source, listener);
        };
    }

    /// The file of a model as its publisher has it now, whatever it was at its first download; where the registry knows
    /// exactly what it must be, as [#obtain]. If that fails, what was here is still here.
    public Path renew(ModelEntry entry, DownloadListener listener) throws IOException {
        return switch (entry.source()) {
            case WeightSource.Bundled _ -> bundled.obtain(entry);
            case WeightSource.Downloaded source -> downloaded.renew(entry, source, listener);
        };
    }

    /// How much of a model's file is here.
    public ModelStatus status(ModelEntry entry) throws IOException {
        return switch (entry.source()) {
            case WeightSource.Bundled _ -> bundled.status(entry);
            case WeightSource.Downloaded source -> downloaded.status(entry, source);
        };
    }

    /// The SHA-256 of a model's file, where the registry or its first download has told it.
    public Optional<Sha256> content(ModelEntry entry) throws IOException {
        return downloaded.content(entry);
    }

    /// Reads a model's file in full, if it is here.
    public Verification verify(ModelEntry entry) throws IOException {
        return switch (entry.source()) {
            case WeightSource.Bundled _ -> bundled.verify(entry);
            case WeightSource.Downloaded _ -> downloaded.verify(entry);
        };
    }

    /// Finds what nobody needs among the downloaded files: contents of no model of the registry, and downloads
    /// that were broken off a week ago.
    ///
    /// @param delete whether to delete it
    public List<Pruned> prune(boolean delete) throws IOException {
        Set<Sha256> contents = new HashSet<>();
        for (ModelEntry entry : registry.models()) {
            content(entry).ifPresent(contents::add);
        }
        Pruning pruning = new Pruning(
                contents,
                registry.models().stream()
                        .filter(entry -> !(entry.fingerprint() instanceof Fingerprint.Exact))
                        .map(ModelEntry::name)
                        .collect(Collectors.toSet()),
                registry.models().stream().map(entry -> entry.source().file()).collect(Collectors.toSet()),
                PART_PATIENCE);
        return pruning.run(downloaded.cache(), Instant.now(), delete);
    }

    private static Optional<Path> existingFile(String text) {
        try {
            return Optional.of(Path.of(text)).filter(Files::isRegularFile);
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private HubException unknown(String nameOrPath) {
        boolean looksLikePath = nameOrPath.contains("/") || nameOrPath.contains("\\") || nameOrPath.contains(".");
        return looksLikePath
                ? new HubException(
                        nameOrPath, "no such file; give a checkpoint or one of the models " + registry.names())
                : new HubException(nameOrPath, "no such model; choose one of " + registry.names() + ", or give a file");
    }
}
