/// Training of search models: from captioned pairs to a model, resumable at every step.
@NullMarked
package org.terrachange.search.train;

import org.jspecify.annotations.NullMarked;
