/// Evaluation of search: how often a text finds its pair and a pair its text.
@NullMarked
package org.terrachange.search.evaluate;

import org.jspecify.annotations.NullMarked;
