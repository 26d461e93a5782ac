package org.terrachange.server.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers to what never becomes a request: broken lines, headers that are too long, paths with two meanings.
public final class JettyErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        byte[] problem = problem(response.getStatus());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, problem.length);
        response.write(true, ByteBuffer.wrap(problem), callback);
        return true;
    }

    private static byte[] problem(int status) {
        return Json.MAPPER
                .writeValueAsString(new Problem(
                        Problem.UNTYPED,
                        HttpStatus.getMessage(status),
                        status,
                        status >= 500
                                ? "the server cannot answer now"
                                : "the request is not one of HTTP as it should be",
                        "/"))
                .getBytes(StandardCharsets.UTF_8);
    }
}
