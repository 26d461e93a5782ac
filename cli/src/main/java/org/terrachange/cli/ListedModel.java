package org.terrachange.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.terrachange.hub.FileSize;
import org.terrachange.hub.ModelEntry;
import org.terrachange.hub.ModelHub;
import org.terrachange.hub.ModelStatus;
import org.terrachange.hub.WeightSource;
import org.terrachange.hub.digest.Sha256;
import org.terrachange.hub.download.Origin;
import org.terrachange.hub.download.Sizes;

/// What the registry says of a model, and what of it is on this machine, as it is printed.
///
/// @param file its name in caches and mirrors
/// @param urls where it is fetched from; none for a model that comes with the program
/// @param bytes null where only the rounded length is known, or none
/// @param aboutBytes the rounded length, null where the exact one is known, or none
/// @param sha256 null where neither registry nor an earlier download tells it
/// @param installed whether its file is at hand
/// @param bytesHere of a download that was broken off
record ListedModel(
        String name,
        String task,
        String layout,
        String normalization,
        String licence,
        String description,
        String file,
        List<String> urls,
        @Nullable Long bytes,
        @Nullable Long aboutBytes,
        @Nullable String sha256,
        boolean installed,
        long bytesHere) {

    static ListedModel of(ModelHub hub, ModelEntry entry) throws IOException {
        ModelStatus status = hub.status(entry);
        return new ListedModel(
                entry.name(),
                entry.task().label(),
                entry.layout(),
                entry.normalization(),
                entry.licence(),
                entry.description(),
                entry.source().file(),
                switch (entry.source()) {
                    case WeightSource.Bundled _ -> List.of();
                    case WeightSource.Downloaded source ->
                        source.origins().stream().map(Origin.Web::toString).toList();
                },
                entry.size() instanceof FileSize.Exact(long exact) ? exact : null,
                entry.size() instanceof FileSize.About(long about) ? about : null,
                hub.content(entry).map(Sha256::hex).orElse(null),
                status instanceof ModelStatus.Present,
                status instanceof ModelStatus.Partial(long here) ? here : 0);
    }

    /// One line of the list.
    String line() {
        return String.format(Locale.ROOT, "%-24s %-16s %8s  %-16s %s", name, task, size(), state(), description);
    }

    String size() {
        if (bytes != null) {
            return Sizes.words(bytes);
        }
        return aboutBytes == null ? "?" : "~" + Sizes.words(aboutBytes);
    }

    private String state() {
        if (installed) {
            return urls.isEmpty() ? "bundled" : "downloaded";
        }
        if (bytesHere > 0) {
            return Sizes.words(bytesHere) + " here";
        }
        return urls.isEmpty() ? "file missing" : "to download";
    }
}
