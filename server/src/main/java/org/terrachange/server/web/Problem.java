package org.terrachange.server.web;

/// What went wrong with a request (RFC 9457).
///
/// @param type address that names the kind of problem; `about:blank` where the status says it all
/// @param title the kind in a few words
/// @param status of HTTP
/// @param detail what happened this time and what to do, for people
/// @param instance path of the request
public record Problem(String type, String title, int status, String detail, String instance) {
    /// The media type.
    public static final String MEDIA_TYPE = "application/problem+json";

    /// A problem of no kind other than its status.
    public static final String UNTYPED = "about:blank";
}
