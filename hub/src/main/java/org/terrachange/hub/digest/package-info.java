/// SHA-256 of files, and what may be known of it before a file is there.
@NullMarked
package org.terrachange.hub.digest;

import org.jspecify.annotations.NullMarked;
