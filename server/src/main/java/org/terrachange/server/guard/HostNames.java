package org.terrachange.server.guard;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The names under which the server answers. A page of another site whose name was made to lead to this machine
/// (DNS rebinding) still sends its own name, and gets nothing.
final class HostNames {
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private final Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    private final boolean anyAddress;

    /// @param host that the server listens at
    /// @param more names that lead to it
    HostNames(String host, List<String> more) {
        anyAddress = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        add(host);
        more.forEach(this::add);
    }

    private void add(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT);
        names.add(lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower);
    }

    /// Whether the `Host` of a request is one of them, whatever its port.
    boolean know(String host) {
        String name = PORT.matcher(host.strip().toLowerCase(Locale.ROOT)).replaceFirst("");
        // A name can be made to lead anywhere, an address cannot.
        return names.contains(name) || (anyAddress && ADDRESS.matcher(name).matches());
    }
}
