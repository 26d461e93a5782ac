/// Random views of unlabelled images, of which contrastive learning has to find out that they show one place.
@NullMarked
package org.terrachange.data.views;

import org.jspecify.annotations.NullMarked;
