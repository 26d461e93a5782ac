/// Files of the server, under names that no request can choose: uploads, served folders, results.
@NullMarked
package org.terrachange.server.storage;

import org.jspecify.annotations.NullMarked;
