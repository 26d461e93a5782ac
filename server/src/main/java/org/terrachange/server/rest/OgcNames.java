package org.terrachange.server.rest;

import java.util.List;

/// Names that OGC API gives to links, problems and what a server conforms to.
final class OgcNames {
    private static final String RELATION = "http://www.opengis.net/def/rel/ogc/1.0/";
    static final String PROCESSES = RELATION + "processes";
    static final String EXECUTE = RELATION + "execute";
    static final String JOB_LIST = RELATION + "job-list";
    static final String RESULTS = RELATION + "results";
    static final String CONFORMANCE = RELATION + "conformance";

    private static final String EXCEPTION = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/";
    static final String NO_SUCH_PROCESS = EXCEPTION + "no-such-process";
    static final String NO_SUCH_JOB = EXCEPTION + "no-such-job";
    static final String RESULT_NOT_READY = EXCEPTION + "result-not-ready";

    private static final String CLASS = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/";

    /// What the server conforms to.
    static final List<String> CONFORMS_TO = List.of(
            CLASS + "core",
            CLASS + "ogc-process-description",
            CLASS + "json",
            CLASS + "html",
            CLASS + "job-list",
            CLASS + "dismiss",
            "https://api.stacspec.org/v1.0.0/core",
            "https://api.stacspec.org/v1.0.0/collections",
            "https://api.stacspec.org/v1.0.0/ogcapi-features");

    private OgcNames() {}
}
