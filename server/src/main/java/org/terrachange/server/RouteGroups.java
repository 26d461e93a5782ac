package org.terrachange.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.terrachange.server.archive.ArchiveRoutes;
import org.terrachange.server.archive.ArchiveService;
import org.terrachange.server.pages.PageRoutes;
import org.terrachange.server.pages.Views;
import org.terrachange.server.tiles.ResultRoutes;
import org.terrachange.server.web.ErrorPage;
import org.terrachange.server.web.EventLog;
import org.terrachange.server.web.RouteGroup;

/// The parts of the server that people see: pages, tiles and the archive.
final class RouteGroups {
    private static final Views VIEWS = new Views();

    private RouteGroups() {}

    /// @param services what the parts work with
    static List<RouteGroup> of(Services services) {
        ServerOptions options = services.options();
        Optional<ArchiveService> archive =
                options.index().isPresent() && options.searchModel().isPresent()
                        ? Optional.of(new ArchiveService(
                                options.index().get(), options.searchModel().get(), options.compute()))
                        : Optional.empty();
        archive.ifPresent(service -> warm(service, services.log()));
        List<RouteGroup> groups = new ArrayList<>();
        groups.add(new PageRoutes(VIEWS, services.queue(), services.detector(), archive));
        groups.add(new ResultRoutes(services.queue(), services.folders(), services.images(), services.tiles()));
        groups.add(new ArchiveRoutes(archive));
        return groups;
    }

    /// Loads the search model before the first question, which would wait for it otherwise.
    private static void warm(ArchiveService archive, EventLog log) {
        Thread.ofPlatform().daemon().name("archive").start(() -> {
            try {
                log.say(archive.changes() + " changes can be searched");
            } catch (IOException | RuntimeException e) {
                log.say("the archive cannot be searched: " + e.getMessage());
            }
        });
    }

    /// What people see when something went wrong.
    static ErrorPage errorPage() {
        return VIEWS.errorPage();
    }
}
