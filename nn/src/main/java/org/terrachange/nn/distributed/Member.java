package org.terrachange.nn.distributed;

/// One of several processes that train together, and where they meet.
///
/// @param rank number of the process, from 0
/// @param size number of processes
/// @param host name or address of the machine of process 0, as all others reach it
/// @param port on which process 0 listens, 1 to 65535
public record Member(int rank, int size, String host, int port) {
    public Member {
        new Share(rank, size);
        if (host.isBlank() || port < 1 || port > 0xffff) {
            throw new IllegalArgumentException(
                    "processes meet at HOST:PORT with a port of 1 to 65535, got \"" + host + ":" + port + "\"");
        }
    }

    /// As [#parse] reads it.
    public String text() {
        return rank + "/" + size + "@" + host + ":" + port;
    }

    /// A member from its [#text].
    ///
    /// @throws IllegalArgumentException if it is none
    public static Member parse(String text) {
        int slash = text.indexOf('/');
        int at = text.indexOf('@');
        int colon = text.lastIndexOf(':');
        if (slash < 1 || at < slash || colon < at) {
            throw new IllegalArgumentException("\"" + text + "\" is no process: give RANK/SIZE@HOST:PORT");
        }
        try {
            return new Member(
                    Integer.parseInt(text.substring(0, slash)),
                    Integer.parseInt(text.substring(slash + 1, at)),
                    text.substring(at + 1, colon),
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no process: give RANK/SIZE@HOST:PORT", e);
        }
    }
}
