package org.terrachange.hub.download;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which proxy leads to an address: the one of Java's system properties (`https.proxyHost`, ...) where they
/// name one, else the one of the variables that other programs heed: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
/// `NO_PROXY`, in capitals or not.
public final class Proxies extends ProxySelector {
    private static final int DEFAULT_PORT = 80;

    private final Map<String, String> environment;
    private final Predicate<String> isPropertySet;

    private record HttpProxy(String host, int port, Optional<PasswordAuthentication> login) {}

    /// @throws IllegalArgumentException naming the variable that holds no address of a proxy
    public Proxies(Map<String, String> environment) {
        this(environment, name -> System.getProperty(name) != null);
    }

    Proxies(Map<String, String> environment, Predicate<String> isPropertySet) {
        this.environment = Map.copyOf(environment);
        this.isPropertySet = isPropertySet;
        ofEnvironment("http");
        ofEnvironment("https");
    }

    @Override
    public List<Proxy> select(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (isPropertySet.test(scheme + ".proxyHost")) {
            return ProxySelector.getDefault().select(uri);
        }
        return ofEnvironment(scheme)
                .filter(_ -> !isExempt(uri))
                .map(proxy ->
                        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())))
                .map(List::of)
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The failed request says so.
    }

    /// Gives proxies, and nobody else, the name and password of their address; empty where no address has them.
    Optional<Authenticator> authenticator() {
        List<HttpProxy> proxies = List.of("https", "http").stream()
                .flatMap(scheme -> ofEnvironment(scheme).stream())
                .filter(proxy -> proxy.login().isPresent())
                .toList();
        return proxies.isEmpty()
                ? Optional.empty()
                : Optional.of(new Authenticator() {
                    @Override
                    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                        return getRequestorType() != RequestorType.PROXY
                                ? null
                                : proxies.stream()
                                        .filter(proxy -> proxy.host().equalsIgnoreCase(getRequestingHost())
                                                && proxy.port() == getRequestingPort())
                                        .flatMap(proxy -> proxy.login().stream())
                                        .findFirst()
                                        .orElse(null);
                    }
                });
    }

    private Optional<HttpProxy> ofEnvironment(String scheme) {
        return variable(scheme.toUpperCase(Locale.ROOT) + "_PROXY")
                .or(() -> variable("ALL_PROXY"))
                .map(variable -> parse(variable.getKey(), variable.getValue()));
    }

    private Optional<Map.Entry<String, String>> variable(String name) {
        return List.of(name, name.toLowerCase(Locale.ROOT)).stream()
                .filter(key -> !environment.getOrDefault(key, "").isBlank())
                .map(key -> Map.entry(key, environment.getOrDefault(key, "").strip()))
                .findFirst();
    }

    private static HttpProxy parse(String variable, String text) {
        URI address;
        try {
            address = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + " is no address of a proxy, such as http://proxy:3128", e);
        }
        if (!"http".equalsIgnoreCase(address.getScheme()) || address.getHost() == null) {
            // Its text may hold a password.
            throw new IllegalArgumentException(
                    variable + " must be the address of an HTTP proxy, such as http://proxy:3128; other kinds, such as"
                            + " SOCKS, cannot be used");
        }
        int port = address.getPort() < 0 ? DEFAULT_PORT : address.getPort();
        return new HttpProxy(address.getHost(), port, login(address.getRawUserInfo()));
    }

    private static Optional<PasswordAuthentication> login(@Nullable String userInfo) {
        if (userInfo == null) {
            return Optional.empty();
        }
        int colon = userInfo.indexOf(':');
        String name = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        return Optional.of(
                new PasswordAuthentication(decoded(name), decoded(password).toCharArray()));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// `NO_PROXY` lists hosts, and domains with all hosts below them, with or without a port; `*` means all.
    private boolean isExempt(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        return variable("NO_PROXY").stream()
                .flatMap(list -> Arrays.stream(list.getValue().split("[,\\s]+")))
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .anyMatch(entry -> covers(entry, host, port));
    }

    private static boolean covers(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        String name = entry.startsWith("*.") ? entry.substring(1) : entry;
        if (name.endsWith(":" + port)) {
            name = name.substring(0, name.length() - (":" + port).length());
        }
        String domain = name.startsWith(".") ? name.substring(1) : name;
        return !domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain));
    }
}
