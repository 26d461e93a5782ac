/// Data sets for searching change by text, from their published layouts to examples with captions.
@NullMarked
package org.terrachange.data.captioned;

import org.jspecify.annotations.NullMarked;
