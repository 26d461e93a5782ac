@NullMarked
package org.terrachange.server.browser;

import org.jspecify.annotations.NullMarked;
