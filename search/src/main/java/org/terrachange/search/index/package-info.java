/// The archive index: vectors of changes with what is known of them, kept on disk and found again by likeness,
/// place, date and words.
@NullMarked
package org.terrachange.search.index;

import org.jspecify.annotations.NullMarked;
