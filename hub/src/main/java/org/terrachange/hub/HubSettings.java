package org.terrachange.hub;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.terrachange.hub.cache.CacheFolder;
import org.terrachange.hub.download.Patience;
import org.terrachange.hub.download.Proxies;

/// What the environment says about named models.
///
/// @param cache the folder for downloaded models
/// @param offline whether to leave the network alone
/// @param mirror what is asked before publishers
/// @param moreModels a registry of further models
/// @param proxies the way into the network
/// @param patience with servers
record HubSettings(
        Path cache,
        boolean offline,
        Optional<Mirror> mirror,
        Optional<Path> moreModels,
        Proxies proxies,
        Patience patience) {
    static final String OFFLINE = "TERRACHANGE_OFFLINE";
    static final String MIRROR = "TERRACHANGE_MIRROR";
    static final String REGISTRY = "TERRACHANGE_REGISTRY";
    static final String TIMEOUT = "TERRACHANGE_TIMEOUT";

    private static final Set<String> NO = Set.of("", "0", "no", "false", "off");
    private static final int LONGEST_TIMEOUT = 3600;

    /// @throws HubException naming the variable that makes no sense
    static HubSettings of(Map<String, String> environment) throws HubException {
        return new HubSettings(
                CacheFolder.of(environment).resolve("models"),
                !NO.contains(value(environment, OFFLINE).toLowerCase(Locale.ROOT)),
                mirror(value(environment, MIRROR)),
                Optional.of(value(environment, REGISTRY))
                        .filter(text -> !text.isEmpty())
                        .map(Path::of),
                proxies(environment),
                patience(value(environment, TIMEOUT)));
    }

    HubSettings withoutNetwork() {
        return new HubSettings(cache, true, mirror, moreModels, proxies, patience);
    }

    private static String value(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }

    private static Optional<Mirror> mirror(String text) throws HubException {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Mirror.parse(text));
        } catch (IllegalArgumentException e) {
            throw new HubException(MIRROR, String.valueOf(e.getMessage()));
        }
    }

    private static Proxies proxies(Map<String, String> environment) throws HubException {
        try {
            return new Proxies(environment);
        } catch (IllegalArgumentException e) {
            throw new HubException("proxy", String.valueOf(e.getMessage()));
        }
    }

    private static Patience patience(String seconds) throws HubException {
        if (seconds.isEmpty()) {
            return Patience.USUAL;
        }
        if (!seconds.matches("\\d{1,4}")
                || Integer.parseInt(seconds) < 1
                || Integer.parseInt(seconds) > LONGEST_TIMEOUT) {
            throw new HubException(
                    TIMEOUT, "must be 1 to " + LONGEST_TIMEOUT + " whole seconds, got \"" + seconds + "\"");
        }
        return Patience.USUAL.withStall(Duration.ofSeconds(Integer.parseInt(seconds)));
    }
}
