package org.terrachange.server.pages;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.terrachange.server.web.Refusal;
import org.terrachange.server.web.RouteGroup;
import org.terrachange.server.web.Routes;

/// Style sheets, scripts and drawings from inside the program. Nothing is read from the file system, and
/// nothing but what was built in for this purpose.
final class StaticFiles implements RouteGroup {
    private static final String OWN = "static/";

    /// Names without a way out of the folder.
    private static final Pattern NAME = Pattern.compile("(?:[a-z0-9][a-z0-9-]*/)*[a-z0-9][a-z0-9-]*\\.(?:css|js|svg)");

    private static final Map<String, String> TYPES =
            Map.of("css", "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

    /// Scripts of others, by the names under which pages load them.
    private static final Map<String, String> LIBRARIES =
            Map.of("htmx.js", library("htmx.org", "dist/htmx.min.js"), "ol.js", library("ol", "dist/ol.js"));

    private final Map<String, Resource> loaded = new ConcurrentHashMap<>();

    /// A file as it is sent; its tag changes with its content.
    private static final class Resource {
        private final byte[] content;
        private final String type;
        private final String tag;

        Resource(byte[] content, String type, String tag) {
            this.content = content;
            this.type = type;
            this.tag = tag;
        }
    }

    /// Where a page finds a script of others.
    static String libraryPath(String name) {
        return "/static/lib/" + name;
    }

    @Override
    public void addTo(Routes routes) {
        routes.asset("/static/lib/{name}", context -> {
            String resource = LIBRARIES.get(context.pathParam("name"));
            answer(context, resource == null ? Optional.empty() : resource("/" + resource));
        });
        routes.asset("/static/<name>", context -> {
            String name = context.pathParam("name");
            answer(context, NAME.matcher(name).matches() ? resource(OWN + name) : Optional.empty());
        });
    }

    private static void answer(Context context, Optional<Resource> found) {
        Resource resource = found.orElseThrow(() ->
                Refusal.notFound("there is no file " + Refusal.quoted(context.path()) + " among those of the pages"));
        // Asking again costs one short answer, and a new version of the program is seen at once.
        context.header("Cache-Control", "no-cache").header("ETag", resource.tag);
        if (resource.tag.equals(context.header("If-None-Match"))) {
            context.status(HttpStatus.NOT_MODIFIED);
            return;
        }
        context.contentType(resource.type).result(resource.content);
    }

    private Optional<Resource> resource(String path) {
        // What does not exist is not remembered: there is no end to it.
        Optional<Resource> known = Optional.ofNullable(loaded.get(path));
        return known.isPresent() ? known : load(path);
    }

    private Optional<Resource> load(String path) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(path)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] content = in.readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
            String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
            Resource resource = new Resource(content, type, "\"" + digest + "\"");
            loaded.put(path, resource);
            return Optional.of(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The name of a file of a WebJar, whose folder carries the version that the build chose.
    private static String library(String artifact, String file) {
        String description = "/META-INF/maven/org.webjars.npm/" + artifact + "/pom.properties";
        try (InputStream in = StaticFiles.class.getResourceAsStream(description)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without " + artifact);
            }
            Properties properties = new Properties();
            properties.load(in);
            return "META-INF/resources/webjars/" + artifact + "/" + properties.getProperty("version") + "/" + file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
