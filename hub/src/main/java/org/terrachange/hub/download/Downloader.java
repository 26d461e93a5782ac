package org.terrachange.hub.download;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.terrachange.hub.digest.Fingerprint;
import org.terrachange.hub.digest.Sha256;

/// Downloads files: tries one place after the other, goes on where an earlier run broke off, and vouches for
/// what it hands over.
public final class Downloader {
    private final Proxies proxies;
    private final Patience patience;
    private final FreeSpace space;

    public Downloader(Proxies proxies, Patience patience) {
        this(proxies, patience, FreeSpace.ofDisks());
    }

    Downloader(Proxies proxies, Patience patience, FreeSpace space) {
        this.proxies = proxies;
        this.patience = patience;
        this.space = space;
    }

    /// Brings the part file to its end. Nobody else may write to it meanwhile.
    ///
    /// Whatever ends this early, a failure, an interrupt or a kill, leaves a part file that the next run goes
    /// on with.
    ///
    /// @throws IOException if the part file cannot be written
    public Outcome run(Download wanted, DownloadListener listener) throws IOException, InterruptedException {
        List<String> reasons = new ArrayList<>();
        HttpClient client = client();
        try {
            for (Origin origin : wanted.origins()) {
                try {
                    return new Outcome.Complete(from(client, origin, wanted, listener), origin);
                } catch (OriginFailure e) {
                    reasons.add(String.valueOf(e.getMessage()));
                    if (reasons.size() < wanted.origins().size()) {
                        listener.remark(
                                e.getMessage() + "; trying " + wanted.origins().get(reasons.size()));
                    }
                }
            }
        } finally {
            // Not close(), which would wait for a server that has stopped to send.
            client.shutdownNow();
        }
        return new Outcome.Failed(reasons);
    }

    private HttpClient client() {
        HttpClient.Builder builder = HttpClient.newBuilder()
                // One file has no use for several streams, and their flow control only slows it down.
                .version(HttpClient.Version.HTTP_1_1)
                // Everywhere but from https to http.
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(patience.connect())
                .proxy(proxies);
        proxies.authenticator().ifPresent(builder::authenticator);
        return builder.build();
    }

    private Sha256 from(HttpClient client, Origin origin, Download wanted, DownloadListener listener)
            throws OriginFailure, IOException, InterruptedException {
        PartFile part = new PartFile(wanted.part());
        boolean resumed = part.length() > 0;
        transfer(client, origin, wanted, listener);
        try {
            return verified(origin, wanted, part);
        } catch (OriginFailure e) {
            part.discard();
            if (!resumed || !(origin instanceof Origin.Web)) {
                throw e;
            }
            // The part may be to blame: damaged by a crash, or the beginning of another file.
            listener.remark(e.getMessage() + "; starting over");
        }
        transfer(client, origin, wanted, listener);
        try {
            return verified(origin, wanted, part);
        } catch (OriginFailure e) {
            part.discard();
            throw e;
        }
    }

    private void transfer(HttpClient client, Origin origin, Download wanted, DownloadListener listener)
            throws OriginFailure, IOException, InterruptedException {
        switch (origin) {
            case Origin.Web web -> new WebTransfer(client, patience, space, web, wanted, listener).run();
            case Origin.Local local -> new LocalTransfer(space, local, wanted, listener).run();
        }
    }

    private static Sha256 verified(Origin origin, Download wanted, PartFile part) throws OriginFailure, IOException {
        long bytes = part.length();
        if (bytes == 0 || (wanted.bytes().isPresent() && bytes != wanted.bytes().getAsLong())) {
            throw new OriginFailure(
                    origin,
                    "gave " + bytes + " bytes"
                            + (wanted.bytes().isPresent()
                                    ? " instead of " + wanted.bytes().getAsLong()
                                    : ""));
        }
        Sha256 found = Sha256.of(part.path());
        if (!wanted.fingerprint().matches(found)) {
            throw new OriginFailure(
                    origin,
                    "gave something else than the file: its SHA-256 is " + found + " instead of "
                            + wanted.fingerprint());
        }
        if (wanted.fingerprint() instanceof Fingerprint.Unknown) {
            try {
                wanted.check().check(part.path());
            } catch (IOException e) {
                throw new OriginFailure(origin, "gave something unusable: " + e.getMessage());
            }
        }
        part.settle();
        return found;
    }
}
