/// Texts to token ids: cleaning and byte-pair encoding as CLIP's text towers expect them.
@NullMarked
package org.terrachange.nn.text;

import org.jspecify.annotations.NullMarked;
