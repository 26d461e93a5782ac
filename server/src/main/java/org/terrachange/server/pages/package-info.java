/// Serves what people see: pages, their parts, and the style sheets and scripts that they load.
@NullMarked
package org.terrachange.server.pages;

import org.jspecify.annotations.NullMarked;
