package org.terrachange.server.rest;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.terrachange.server.jobs.Retention;
import org.terrachange.server.storage.ImageDescription;
import org.terrachange.server.storage.Uploads;
import org.terrachange.server.web.Json;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// Images come in, are told about, and go.
public final class UploadRoutes implements RouteGroup {
    private static final String ID = "id";

    private final Uploads uploads;
    private final Retention retention;

    /// @param retention makes room for uploads
    public UploadRoutes(Uploads uploads, Retention retention) {
        this.uploads = uploads;
        this.retention = retention;
    }

    @Override
    public void addTo(Routes routes) {
        routes.action(HandlerType.POST, "/uploads", this::receive);
        routes.json("/uploads/{id}", context -> Json.answer(context, described(context)));
        routes.action(HandlerType.DELETE, "/uploads/{id}", this::delete);
        routes.file("/uploads/{id}/preview.png", this::preview);
    }

    private void receive(Context context) throws IOException, InterruptedException {
        long announced = context.req().getContentLengthLong();
        // First: results must not go for an upload that is refused in any case.
        uploads.requireLength(announced);
        if (!retention.makeRoom(Math.max(0, announced), Instant.now())) {
            throw Uploads.full();
        }
        try (Uploads.Reception reception = uploads.receive(announced)) {
            String name =
                    MultipartFile.read(context.contentType(), context.req().getInputStream(), reception);
            ImageDescription image = reception.complete(name);
            String id = image.ref().substring(image.ref().indexOf(':') + 1);
            context.status(HttpStatus.CREATED).header("Location", "/uploads/" + id);
            Json.answer(context, image);
        }
    }

    private ImageDescription described(Context context) throws IOException {
        return uploads.describe(context.pathParam(ID)).orElseThrow(UploadRoutes::unknown);
    }

    private void delete(Context context) throws IOException {
        described(context);
        uploads.discard(context.pathParam(ID));
        context.status(HttpStatus.NO_CONTENT);
    }

    private void preview(Context context) throws IOException, InterruptedException {
        Path picture = uploads.preview(context.pathParam(ID)).orElseThrow(UploadRoutes::unknown);
        FileAnswer.of(picture, "image/png").send(context);
    }

    private static Refusal unknown() {
        return Refusal.notFound("there is no such upload, or not any more");
    }
}
