package org.terrachange.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.terrachange.server.RunningServer.json;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.terrachange.server.web.Route;
import tools.jackson.databind.JsonNode;

/// The document at `/openapi.json`, held against the server, against itself, and against what the server answers.
class OpenApiTest {
    private static final int SIZE = 96;
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]+)}");

    @TempDir
    static Path folder;

    private static RunningServer server;
    private static JsonNode document;
    private static SchemaRegistry registry;
    private static String upload;
    private static String job;

    @BeforeAll
    static void startAndDetect() throws Exception {
        server = RunningServer.start(RunningServer.options(folder.resolve("work")));
        document = json(server.get("/openapi.json"));
        registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        String before = server.ref("a.tif", RunningServer.scene(folder, SIZE, 1));
        upload = "/uploads/" + before.substring(before.indexOf(':') + 1);
        job = server.queue(before, server.ref("b.tif", RunningServer.scene(folder, SIZE, 2)));
        assertThat(server.end(job)).isEqualTo("successful");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    /// The errors of a value under a schema of the document, which may refer to its components.
    private static List<String> errors(JsonNode schema, JsonNode value) {
        tools.jackson.databind.node.ObjectNode whole =
                tools.jackson.databind.json.JsonMapper.shared().createObjectNode();
        whole.set("components", document.path("components"));
        whole.setAll((tools.jackson.databind.node.ObjectNode) schema.deepCopy());
        Schema compiled = registry.getSchema(whole);
        return compiled.validate(value).stream().map(Error::toString).toList();
    }

    private record Operation(String method, String path, JsonNode node) {}

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (METHODS.contains(operation.getKey())) {
                        operations.add(new Operation(operation.getKey(), path.getKey(), operation.getValue()));
                    }
                }));
        return operations;
    }

    @Test
    void theDocumentDescribesEveryAddressForProgramsAndNoOther() {
        Set<String> served = server.server().routes().stream()
                .filter(route -> route.audience() != Route.Audience.PEOPLE)
                .map(route -> route.method().name().toLowerCase(Locale.ROOT) + " " + route.path())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = operations().stream()
                .map(operation -> operation.method() + " " + operation.path())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(described).isEqualTo(served);
    }

    @Test
    void theDocumentHasTheFormOfOpenApi31() {
        assertThat(document.path("openapi").asString()).startsWith("3.1.");
        assertThat(document.path("info").path("title").asString()).isNotBlank();
        assertThat(document.path("info").path("version").asString()).isNotBlank();
        Set<String> ids = new HashSet<>();
        Set<String> tags = new HashSet<>();
        document.path("tags").forEach(tag -> tags.add(tag.path("name").asString()));
        for (Operation operation : operations()) {
            JsonNode node = operation.node();
            assertThat(ids.add(node.path("operationId").asString()))
                    .as(operation.path())
                    .isTrue();
            assertThat(tags).contains(node.path("tags").get(0).asString());
            assertThat(node.path("summary").asString()).isNotBlank();
            assertThat(node.path("responses").path("default").path("$ref").asString())
                    .isEqualTo("#/components/responses/Problem");
            Set<String> named = new TreeSet<>();
            for (JsonNode parameter : node.path("parameters")) {
                JsonNode real =
                        parameter.has("$ref") ? resolve(parameter.path("$ref").asString()) : parameter;
                assertThat(real.path("in").asString()).isIn("path", "query", "header");
                assertThat(real.has("schema")).isTrue();
                if (real.path("in").asString().equals("path")) {
                    named.add(real.path("name").asString());
                    assertThat(real.path("required").asBoolean()).isTrue();
                }
            }
            Set<String> variables = new TreeSet<>();
            Matcher variable = VARIABLE.matcher(operation.path());
            while (variable.find()) {
                variables.add(variable.group(1));
            }
            assertThat(named).as(operation.path()).isEqualTo(variables);
            node.path("responses").properties().forEach(response -> {
                if (!response.getValue().has("$ref")) {
                    assertThat(response.getValue().path("description").asString())
                            .isNotBlank();
                }
            });
        }
    }

    private static JsonNode resolve(String reference) {
        JsonNode target = document.at(reference.substring(1));
        assertThat(target.isMissingNode()).as(reference).isFalse();
        return target;
    }

    @Test
    void everyReferenceLeadsSomewhereAndEverySchemaIsOne() {
        document.findValues("$ref").forEach(reference -> resolve(reference.asString()));
        Schema schemas = registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        document.path("components")
                .path("schemas")
                .properties()
                .forEach(schema -> assertThat(schemas.validate(schema.getValue()))
                        .as(schema.getKey())
                        .isEmpty());
    }

    @Test
    void everyExampleFitsItsSchema() {
        int examples = 0;
        for (JsonNode media : document.findParents("example")) {
            assertThat(errors(media.path("schema"), media.path("example")))
                    .as(media.path("example").toString())
                    .isEmpty();
            examples++;
        }
        assertThat(examples).isGreaterThan(5);
    }

    private static void assertFits(String method, String path, HttpResponse<String> answer) {
        JsonNode response = document.path("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(Integer.toString(answer.statusCode()));
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        JsonNode schema = response.path("content").path(type).path("schema");
        assertThat(schema.isMissingNode())
                .as(path + " " + answer.statusCode() + " " + type + " " + answer.body())
                .isFalse();
        assertThat(errors(schema, json(answer))).as(path + " " + answer.body()).isEmpty();
    }

    @Test
    void whatTheServerAnswersFitsTheDocument() throws Exception {
        for (String path : List.of(
                "/",
                "/conformance",
                "/openapi.json",
                "/health",
                "/model",
                "/scenes",
                "/processes",
                "/jobs",
                "/stac",
                "/stac/collections",
                "/stac/collections/results",
                "/stac/collections/results/items")) {
            assertFits("get", path, server.get(path));
        }
        assertFits("get", "/uploads/{id}", server.get(upload));
        assertFits("get", "/processes/{process}", server.get("/processes/detect-changes"));
        assertFits("get", "/jobs/{id}", server.get(job));
        assertFits("get", "/jobs/{id}/results", server.get(job + "/results"));
        assertFits(
                "get",
                "/stac/collections/results/items/{id}",
                server.get("/stac/collections/results/items" + job.substring(5)));
        String ref = "upload:" + upload.substring(9);
        assertFits(
                "post",
                "/pairs/check",
                server.post("/pairs/check", "{\"before\":\"" + ref + "\",\"after\":\"" + ref + "\"}"));
        assertFits("post", "/uploads", server.upload("c.tif", RunningServer.scene(folder, SIZE, 3)));
        HttpResponse<String> executed =
                server.send(server.posting("/processes/detect-changes/execution", RunningServer.execution(ref, ref))
                        .header("Prefer", "respond-async"));
        assertFits("post", "/processes/{process}/execution", executed);
        String second = executed.headers().firstValue("Location").orElseThrow();
        server.end(second);
        assertFits("delete", "/jobs/{id}", server.delete(second));
    }

    @Test
    void aProblemFitsTheDocument() throws Exception {
        HttpResponse<String> answer = server.get("/nothing");

        assertThat(errors(document.at("/components/schemas/Problem"), json(answer)))
                .isEmpty();
    }

    /// OGC API - Processes Part 1 (18-062r2), requirements 3, 9, 11, 18 and 36.
    @Test
    void theServiceIsAnOgcApiOfProcesses() throws Exception {
        List<String> relations = new ArrayList<>();
        json(server.get("/"))
                .path("links")
                .forEach(link -> relations.add(link.path("rel").asString()));
        assertThat(relations)
                .contains(
                        "service-desc",
                        "http://www.opengis.net/def/rel/ogc/1.0/conformance",
                        "http://www.opengis.net/def/rel/ogc/1.0/processes",
                        "http://www.opengis.net/def/rel/ogc/1.0/job-list");
        List<String> classes = new ArrayList<>();
        json(server.get("/conformance")).path("conformsTo").forEach(uri -> classes.add(uri.asString()));
        assertThat(classes)
                .contains(
                        "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core",
                        "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list",
                        "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss");
        JsonNode process = json(server.get("/processes/detect-changes"));
        JsonNode inputs = document.at("/components/schemas/DetectInputs/properties");
        assertThat(process.path("inputs").propertyNames()).containsExactlyInAnyOrderElementsOf(inputs.propertyNames());
        assertThat(process.path("outputs").propertyNames())
                .containsAll(json(server.get(job + "/results")).propertyNames().stream()
                        .filter(name -> !name.isEmpty())
                        .toList());
        JsonNode unknown = json(server.get("/jobs/unknown"));
        assertThat(unknown.path("type").asString())
                .isEqualTo("http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job");
    }
}
