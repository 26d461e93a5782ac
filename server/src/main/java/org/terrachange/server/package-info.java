/// Starts and stops the web application and its REST service: the one place where the parts are put together.
@NullMarked
package org.terrachange.server;

import org.jspecify.annotations.NullMarked;
