package org.terrachange.server.rest;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.terrachange.detect.model.ModelCard;
import org.terrachange.server.detection.SharedDetector;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// The model that is at work.
public final class ModelRoutes implements RouteGroup {
    private final SharedDetector detector;

    public ModelRoutes(SharedDetector detector) {
        this.detector = detector;
    }

    /// @param gsd smallest and largest side of a pixel on the ground that it was trained for, in metres
    /// @param card all that the checkpoint says of itself
    private record Described(
            String name, String layout, double threshold, List<Double> gsd, Map<String, String> card) {}

    private record Models(Described detector) {}

    @Override
    public void addTo(Routes routes) {
        routes.json("/model", this::describe);
    }

    private void describe(Context context) throws IOException {
        ModelCard card = detector.card();
        Json.answer(
                context,
                new Models(new Described(
                        card.name(),
                        card.layout().label(),
                        card.threshold(),
                        List.of(card.gsdRange().finest(), card.gsdRange().coarsest()),
                        card.toMetadata())));
    }
}
