@NullMarked
package org.terrachange.server.archive;

import org.jspecify.annotations.NullMarked;
