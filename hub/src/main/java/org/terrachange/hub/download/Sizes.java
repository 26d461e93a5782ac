package org.terrachange.hub.download;

import java.util.Locale;

/// Writes numbers of bytes for people, in powers of ten as publishers of weights do.
public final class Sizes {
    private static final long KILO = 1_000;
    private static final long MEGA = 1_000_000;
    private static final long GIGA = 1_000_000_000;

    private Sizes() {}

    /// Such as `512 bytes`, `14 kB`, `6.5 MB`, `605 MB`, `1.71 GB`.
    public static String words(long bytes) {
        if (bytes < KILO) {
            return bytes + " bytes";
        }
        if (bytes < MEGA) {
            return bytes / KILO + " kB";
        }
        if (bytes >= GIGA) {
            return String.format(Locale.ROOT, "%.2f GB", bytes / (double) GIGA);
        }
        return String.format(Locale.ROOT, bytes < 10 * MEGA ? "%.1f MB" : "%.0f MB", bytes / (double) MEGA);
    }
}
