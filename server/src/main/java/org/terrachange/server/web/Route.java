package org.terrachange.server.web;

import io.javalin.http.HandlerType;

/// One address and method that the server answers.
///
/// @param method GET, POST, DELETE, ...
/// @param path in Javalin's notation, such as `/jobs/{id}`
/// @param audience whom the answer is for
public record Route(HandlerType method, String path, Audience audience) {

    /// Whom an answer is for.
    public enum Audience {
        /// Programs: part of the REST interface that `/openapi.json` describes.
        PROGRAMS,
        /// People: pages, their parts and their files.
        PEOPLE,
        /// Both, by what the request accepts.
        BOTH
    }
}
