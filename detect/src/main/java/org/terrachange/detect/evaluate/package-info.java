/// Evaluation: pooled scores of the change class under the published protocols.
@NullMarked
package org.terrachange.detect.evaluate;

import org.jspecify.annotations.NullMarked;
