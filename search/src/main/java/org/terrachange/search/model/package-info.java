/// Search models: two images to a vector and a text to a vector of one space, with the card that says how, on
/// disk and in memory.
@NullMarked
package org.terrachange.search.model;

import org.jspecify.annotations.NullMarked;
