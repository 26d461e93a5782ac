/// The report: one self-contained page that tells a person what a detection found and how.
@NullMarked
package org.terrachange.detect.report;

import org.jspecify.annotations.NullMarked;
