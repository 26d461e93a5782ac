package org.terrachange.server.guard;

import java.util.LinkedHashMap;
import java.util.Map;

/// How often each client may ask: a bucket of requests for each, which fills at a steady rate. Remembers a bounded
/// number of clients, and forgets those first that did not ask for longest.
final class RateLimit {
    private static final int MOST_CLIENTS = 10_000;
    private static final double NANOS_PER_MINUTE = 60e9;

    private final double capacity;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    private static final class Bucket {
        private double requests;
        private long filledAt;
    }

    /// @param perMinute requests of one client; as many may come at once
    RateLimit(int perMinute) {
        capacity = perMinute;
    }

    /// Takes one request out of a client's bucket.
    ///
    /// @param nanos of a clock that never goes back
    /// @return 0 if there was one, else the seconds until there is
    synchronized long take(String client, long nanos) {
        Bucket bucket = filled(client, nanos);
        if (bucket.requests >= 1) {
            bucket.requests--;
            return 0;
        }
        return (long) Math.ceil((1 - bucket.requests) * NANOS_PER_MINUTE / capacity / 1e9);
    }

    /// Whether a client's bucket is empty; takes nothing.
    synchronized boolean isExhausted(String client, long nanos) {
        return buckets.containsKey(client) && filled(client, nanos).requests < 1;
    }

    private Bucket filled(String client, long nanos) {
        Bucket bucket = buckets.computeIfAbsent(client, _ -> {
            Bucket full = new Bucket();
            full.requests = capacity;
            full.filledAt = nanos;
            return full;
        });
        bucket.requests = Math.min(capacity, bucket.requests + (nanos - bucket.filledAt) / NANOS_PER_MINUTE * capacity);
        bucket.filledAt = nanos;
        return bucket;
    }
}
