package org.terrachange.hub.download;

/// Learns how a download goes. Called by the thread that downloads.
public interface DownloadListener {
    /// Wants to know nothing.
    DownloadListener SILENT = new DownloadListener() {
        @Override
        public void progress(long done, long total) {
            // As asked.
        }

        @Override
        public void remark(String text) {
            // As asked.
        }
    };

    /// @param done bytes that are here, those of earlier runs included
    /// @param total bytes of the whole file, 0 where nobody knows
    void progress(long done, long total);

    /// Something worth telling people: a pause, another address, waiting for another process.
    ///
    /// @param text one line
    void remark(String text);
}
