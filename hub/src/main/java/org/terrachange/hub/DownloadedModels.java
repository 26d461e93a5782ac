package org.terrachange.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.hub.cache.DownloadLock;
import org.terrachange.hub.cache.ModelCache;
import org.terrachange.hub.cache.Pin;
import org.terrachange.hub.digest.Fingerprint;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.hub.download.ContentCheck;
import org.terrachange.hub.download.Download;
import org.terrachange.hub.download.DownloadListener;
import org.terrachange.hub.download.Downloader;
import org.terrachange.hub.download.Origin;
import org.terrachange.hub.download.Outcome;

/// The models that are fetched when they are first asked for, and kept.
final class DownloadedModels {
    private final HubSettings settings;
    private final ModelCache cache;
    private final Downloader downloader;
    private final ContentCheck check;

    /// @param check tells weights from other things, where nothing is known of them beforehand
    DownloadedModels(HubSettings settings, ContentCheck check) {
        this.settings = settings;
        this.cache = new ModelCache(settings.cache());
        this.downloader = new Downloader(settings.proxies(), settings.patience());
        this.check = check;
    }

    /// The file of a model, fetched if it is not here. Of several processes that want it at once, one fetches
    /// it and the others wait.
    Path obtain(ModelEntry entry, WeightSource.Downloaded source, DownloadListener listener) throws IOException {
        Optional<Path> here = find(entry);
        return here.isPresent() ? here.get() : obtain(entry, source, false, listener);
    }

    /// The file of a model as its publisher has it now, whatever it was at its first download. What is here stays until
    /// the new file has come.
    Path renew(ModelEntry entry, WeightSource.Downloaded source, DownloadListener listener) throws IOException {
        boolean pinned = !(entry.fingerprint() instanceof Fingerprint.Exact);
        return pinned ? obtain(entry, source, true, listener) : obtain(entry, source, listener);
    }

    private Path obtain(ModelEntry entry, WeightSource.Downloaded source, boolean anew, DownloadListener listener)
            throws IOException {
        try (DownloadLock _ = cache.lock(source.file(), new Waiting(entry, source, listener))) {
            Optional<Path> meanwhile = anew ? Optional.empty() : find(entry);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            Fingerprint expected = anew ? entry.fingerprint() : expected(entry);
            Path byHand = cache.placedByHand(source.file());
            return Files.isRegularFile(byHand)
                    ? takeOver(entry, source, byHand, expected)
                    : download(entry, source, expected, listener);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException(
                    entry.name() + ": the download was interrupted; the next one goes on where it broke off");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    ModelStatus status(ModelEntry entry, WeightSource.Downloaded source) throws IOException {
        if (contains(entry) || Files.isRegularFile(cache.placedByHand(source.file()))) {
            return new ModelStatus.Present();
        }
        Path part = cache.part(source.file());
        return Files.isRegularFile(part) ? new ModelStatus.Partial(Files.size(part)) : new ModelStatus.Absent();
    }

    Verification verify(ModelEntry entry) throws IOException {
        Optional<Sha256> content = content(entry);
        Optional<Boolean> intact = content.isEmpty() ? Optional.empty() : cache.verify(content.get());
        return intact.map(yes -> yes ? Verification.INTACT : Verification.DAMAGED)
                .orElse(Verification.ABSENT);
    }

    /// What a model's file must contain, where the registry or an earlier download says so.
    Optional<Sha256> content(ModelEntry entry) throws IOException {
        return expected(entry) instanceof Fingerprint.Exact(Sha256 sha256) ? Optional.of(sha256) : Optional.empty();
    }

    ModelCache cache() {
        return cache;
    }

    private boolean contains(ModelEntry entry) throws IOException {
        Optional<Sha256> content = content(entry);
        return content.isPresent() && cache.contains(content.get());
    }

    private Optional<Path> find(ModelEntry entry) throws IOException {
        Optional<Sha256> content = content(entry);
        return content.isEmpty() ? Optional.empty() : cache.find(content.get());
    }

    /// A pin counts as long as it agrees with the registry, which may have learned more since.
    private Fingerprint expected(ModelEntry entry) throws IOException {
        if (entry.fingerprint() instanceof Fingerprint.Exact exact) {
            return exact;
        }
        return cache.pins()
                .find(entry.name())
                .map(Pin::digest)
                .filter(entry.fingerprint()::matches)
                .<Fingerprint>map(Fingerprint.Exact::new)
                .orElse(entry.fingerprint());
    }

    private Path takeOver(ModelEntry entry, WeightSource.Downloaded source, Path file, Fingerprint expected)
            throws IOException {
        Sha256 found = Sha256.of(file);
        if (!expected.matches(found)) {
            throw new HubException(
                    entry.name(),
                    file + " is not its file, or not all of it: the SHA-256 is " + found + " instead of " + expected
                            + "; delete or replace it");
        }
        if (expected instanceof Fingerprint.Unknown) {
            check.check(file);
        }
        return keep(entry, source, file, found, file.toString());
    }

    private Path download(
            ModelEntry entry, WeightSource.Downloaded source, Fingerprint expected, DownloadListener listener)
            throws IOException, InterruptedException {
        List<Origin> origins = origins(source);
        if (origins.isEmpty()) {
            throw new HubException(
                    entry.name(),
                    "is not on this machine, and downloads are switched off (--offline, " + HubSettings.OFFLINE + "). "
                            + advice(entry, source));
        }
        Path part = cache.part(source.file());
        Download wanted = new Download(origins, part, entry.size().exact(), expected, check);
        return switch (downloader.run(wanted, listener)) {
            case Outcome.Complete(Sha256 sha256, Origin origin) -> keep(entry, source, part, sha256, origin.toString());
            case Outcome.Failed(List<String> reasons) ->
                throw new DownloadException(entry.name(), reasons, advice(entry, source));
        };
    }

    private List<Origin> origins(WeightSource.Downloaded source) {
        List<Origin> origins = new ArrayList<>();
        settings.mirror()
                .filter(mirror -> mirror.isLocal() || !settings.offline())
                .ifPresent(mirror -> origins.add(mirror.origin(source.file())));
        if (!settings.offline()) {
            origins.addAll(source.origins());
        }
        return origins;
    }

    private Path keep(ModelEntry entry, WeightSource.Downloaded source, Path file, Sha256 sha256, String origin)
            throws IOException {
        long bytes = Files.size(file);
        if (!(entry.fingerprint() instanceof Fingerprint.Exact)) {
            String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            cache.pins().put(entry.name(), new Pin(sha256.hex(), bytes, origin, date));
        }
        return cache.store(file, sha256, source.file());
    }

    private String advice(ModelEntry entry, WeightSource.Downloaded source) throws IOException {
        String pinned = cache.pins()
                .find(entry.name())
                .map(pin -> " It was first downloaded on " + pin.date()
                        + " and must be the same ever after; if its publisher has replaced it, accept the new file with"
                        + " terrachange models pull --accept-new " + entry.name() + ".")
                .orElse("");
        return "Fetch " + source.origins().getFirst() + " by other means and put it at "
                + cache.placedByHand(source.file()) + ", or set " + HubSettings.MIRROR
                + " to an address or folder that has " + source.file() + "." + pinned;
    }

    /// Shows what another process does.
    private final class Waiting implements Runnable {
        private final ModelEntry entry;
        private final WeightSource.Downloaded source;
        private final DownloadListener listener;
        private boolean told;

        Waiting(ModelEntry entry, WeightSource.Downloaded source, DownloadListener listener) {
            this.entry = entry;
            this.source = source;
            this.listener = listener;
        }

        @Override
        public void run() {
            if (!told) {
                listener.remark("another process is downloading " + entry.name() + "; waiting for it");
                told = true;
            }
            listener.progress(
                    cache.part(source.file()).toFile().length(),
                    entry.size().exact().orElse(0));
        }
    }
}
