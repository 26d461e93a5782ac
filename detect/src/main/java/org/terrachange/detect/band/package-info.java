/// Parts of a detection as files: the rows of a band of a scene on their way from the task that computed them to
/// the one that makes products of them.
@NullMarked
package org.terrachange.detect.band;

import org.jspecify.annotations.NullMarked;
