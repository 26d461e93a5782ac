package org.terrachange.server.rest;

import org.jspecify.annotations.Nullable;

/// A link of OGC API and STAC.
///
/// @param href address, relative to the server
/// @param rel what it is to the document that holds it
/// @param type media type of what is there
/// @param title for people
record Link(
        String href,
        String rel,
        @Nullable String type,
        @Nullable String title) {
    static final String JSON = "application/json";
    static final String GEOJSON = "application/geo+json";
    static final String HTML = "text/html";

    static Link of(String href, String rel, String type, String title) {
        return new Link(href, rel, type, title);
    }
}
