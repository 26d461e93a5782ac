/// Products: what a detection leaves behind, each made from the rows of probabilities as they come.
@NullMarked
package org.terrachange.detect.product;

import org.jspecify.annotations.NullMarked;
