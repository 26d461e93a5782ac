package org.terrachange.server.web;

/// Shows a problem to people.
@FunctionalInterface
public interface ErrorPage {
    /// @return a whole HTML page
    String of(Problem problem);
}
