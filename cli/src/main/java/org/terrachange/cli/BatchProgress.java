package org.terrachange.cli;

import org.jspecify.annotations.Nullable;
import org.terrachange.spark.detection.BatchDetection;

/// Shows how far the rounds of a detection over a catalogue are, and what failed.
final class BatchProgress implements BatchDetection.Listener, AutoCloseable {
    private final Console console;
    private String round = "";
    private @Nullable Progress bar;

    BatchProgress(Console console) {
        this.console = console;
    }

    @Override
    public void progress(String name, long done, long of) {
        if (bar == null || !name.equals(round)) {
            close();
            bar = console.progress(name);
            round = name;
        }
        bar.at(done, of);
    }

    @Override
    public void failed(String pair, String reason) {
        console.note("failed " + pair + ": " + reason);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
