/// Queries of an archive in the terms of its users: texts and examples in, ranked changes with what their
/// scores mean out.
@NullMarked
package org.terrachange.search.query;

import org.jspecify.annotations.NullMarked;
