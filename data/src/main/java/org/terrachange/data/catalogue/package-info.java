/// Archives as lists of image pairs: which two images show one place, when, where, and what was said of them.
@NullMarked
package org.terrachange.data.catalogue;

import org.jspecify.annotations.NullMarked;
