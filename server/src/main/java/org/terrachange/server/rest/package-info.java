/// The REST interface: uploads, OGC API - Processes, results, STAC, OpenAPI, health and metrics.
@NullMarked
package org.terrachange.server.rest;

import org.jspecify.annotations.NullMarked;
