package org.terrachange.cli;

/// Writes spans of time for people.
final class Durations {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;

    private Durations() {}

    /// Such as `42 s`, `3 min 5 s`, `2 h 10 min`.
    static String words(double seconds) {
        long s = Math.round(seconds);
        if (s < MINUTE) {
            return s + " s";
        }
        return s < HOUR ? s / MINUTE + " min " + s % MINUTE + " s" : s / HOUR + " h " + s % HOUR / MINUTE + " min";
    }
}
