/// Keeps the index of an archive open for questions, and draws the pictures of what they find.
@NullMarked
package org.terrachange.server.archive;

import org.jspecify.annotations.NullMarked;
