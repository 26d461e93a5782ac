package org.terrachange.cli;

import org.jspecify.annotations.Nullable;
import org.terrachange.hub.download.DownloadListener;

/// Shows a download: a bar while it runs, and lines for what goes wrong on the way.
final class TransferProgress implements DownloadListener, AutoCloseable {
    private final Console console;
    private final String task;
    private @Nullable Progress shown;

    TransferProgress(Console console, String task) {
        this.console = console;
        this.task = task;
    }

    @Override
    public void progress(long done, long total) {
        if (shown == null) {
            shown = console.transfer(task);
        }
        shown.at(done, total);
    }

    @Override
    public void remark(String text) {
        // A line in the middle of a bar would garble both; the bar comes back below.
        close();
        console.note(text);
    }

    @Override
    public void close() {
        if (shown != null) {
            shown.close();
            shown = null;
        }
    }
}
