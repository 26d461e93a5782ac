package org.terrachange.cli;

import org.terrachange.search.archive.ArchiveIndexer;

/// Shows how far the indexing of an archive is, and what is left out.
record IndexingProgress(Console console, Progress bar) implements ArchiveIndexer.Listener {
    /// Parts of a pair that a bar tells apart.
    private static final long PARTS = 100;

    @Override
    public void progress(double pairs, long of, String pair) {
        bar.at(Math.round(pairs * PARTS), of * PARTS, pair);
    }

    @Override
    public void failed(String pair, String reason) {
        console.note("left out " + pair + ": " + reason);
    }
}
