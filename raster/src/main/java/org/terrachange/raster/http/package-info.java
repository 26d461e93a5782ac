/// Files on the web, read by byte range over HTTP and HTTPS.
@NullMarked
package org.terrachange.raster.http;

import org.jspecify.annotations.NullMarked;
