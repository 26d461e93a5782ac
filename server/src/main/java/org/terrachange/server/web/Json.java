package org.terrachange.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/// JSON as the REST interface speaks it: keys in snake case, absent values left out.
public final class Json {
    /// Requests are a few names and numbers; anything longer is no request.
    private static final int LONGEST_BODY = 64 << 10;

    private static final int DEEPEST_BODY = 32;

    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_BODY)
                            .build())
                    .build())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /// Answers with a value as JSON.
    public static void answer(Context context, Object value) {
        answer(context, value, "application/json");
    }

    /// Answers with a value as JSON of a special kind, such as `application/geo+json`.
    public static void answer(Context context, Object value, String mediaType) {
        context.contentType(mediaType).result(MAPPER.writeValueAsBytes(value));
    }

    /// The body of a request.
    ///
    /// @throws Refusal with 400, 413 or 415 if it is no such document
    public static <T> T body(Context context, Class<T> type) {
        String mediaType = context.contentType();
        if (mediaType == null || !mediaType.split(";", -1)[0].strip().equalsIgnoreCase("application/json")) {
            throw Refusal.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "send the body as application/json"
                            + (mediaType == null ? "" : ", not as " + Refusal.quoted(mediaType)));
        }
        byte[] body;
        try {
            body = context.req().getInputStream().readNBytes(LONGEST_BODY + 1);
        } catch (IOException _) {
            throw Refusal.badRequest("the request ends before its body does");
        }
        if (body.length > LONGEST_BODY) {
            throw Refusal.of(HttpStatus.CONTENT_TOO_LARGE, "the body is longer than " + LONGEST_BODY + " bytes");
        }
        try {
            T value = MAPPER.readValue(body, type);
            if (value == null) {
                throw Refusal.badRequest("the body is null");
            }
            return value;
        } catch (JacksonException e) {
            throw Refusal.badRequest(describe(e));
        }
    }

    private static String describe(JacksonException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                "there is no '" + Refusal.quoted(unknown.getPropertyName()) + "' in what is expected here";
            case DatabindException mismatch
            when !mismatch.getPath().isEmpty() ->
                "'" + Refusal.quoted(where(mismatch)) + "' has not the kind of value that is expected there";
            case DatabindException _ -> "the body is JSON, but not the document that is expected here";
            default ->
                "the body is no JSON document (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        };
    }

    private static String where(DatabindException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }
}
